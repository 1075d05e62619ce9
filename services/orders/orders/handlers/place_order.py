"""POST /orders."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from orders import wiring
from orders.domain.errors import IdempotencyKeyReusedError, RestaurantNotFoundError
from orders.domain.models import RestaurantName
from orders.domain.place_order import place_order
from service_kit.http import HttpRequest, http_handler
from service_kit.problems import BadRequest, FieldError, NotFound, UnprocessableContent

MAX_IDEMPOTENCY_KEY_LENGTH = 255


class PlaceOrderRequest(BaseModel):
    """What to order: for now, whatever the restaurant named here likes to cook."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    restaurant_name: RestaurantName


class PlacedOrder(BaseModel):
    """The order that the request is answered with."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    order_id: str


@http_handler(
    body=PlaceOrderRequest,
    response=PlacedOrder,
    errors={RestaurantNotFoundError: NotFound, IdempotencyKeyReusedError: UnprocessableContent},
)
def handle(request: HttpRequest[PlaceOrderRequest]) -> PlacedOrder:
    """Store the caller's order."""
    order = place_order(
        wiring.orders(),
        wiring.restaurants(),
        customer_id=request.caller.user_id,
        restaurant_name=request.body.restaurant_name,
        idempotency_key=_idempotency_key(request),
    )
    return PlacedOrder(order_id=order.order_id)


def _idempotency_key(request: HttpRequest[PlaceOrderRequest]) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY_LENGTH:
        message = f"should have 1 to {MAX_IDEMPOTENCY_KEY_LENGTH} characters"
        raise BadRequest(errors=[FieldError(location="header", field="Idempotency-Key", message=message)])
    return key
