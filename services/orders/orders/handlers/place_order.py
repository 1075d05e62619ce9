"""POST /orders."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from orders import wiring
from orders.domain.errors import (
    IdempotencyKeyReusedError,
    OrderUncertainError,
    RestaurantNotFoundError,
    TooManyOrdersError,
)
from orders.domain.place_order import place_order
from orders.handlers.order import RestaurantName, name_in_logs
from service_kit.http import (
    Caller,
    FromHeader,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    UnprocessableContent,
    http_handler,
)
from service_kit.invocation import correlation_id
from service_kit.parameters import FromParameter

MAX_KEY_LENGTH = 255


def _of_fitting_length(key: str) -> str:
    """Name both bounds, whichever was passed."""
    if not 1 <= len(key) <= MAX_KEY_LENGTH:
        message = "Input should have 1 to {max_length} characters"
        raise PydanticCustomError("idempotency_key", message, {"max_length": MAX_KEY_LENGTH})
    return key


def _of_plain_characters(key: str) -> str:
    """Refuse what HTTP gives no meaning in a header: how it arrives depends on the proxies in between."""
    if not (key.isascii() and key.isprintable()):
        raise PydanticCustomError("idempotency_key", "Input should have only printable ASCII characters")
    return key


IdempotencyKey = Annotated[
    str,
    AfterValidator(_of_fitting_length),
    AfterValidator(_of_plain_characters),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH, "pattern": "^[ -~]+$"}),
]


class PlaceOrderRequest(BaseModel):
    """What to order: for now, whatever the restaurant named here likes to cook."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    restaurant_name: RestaurantName


class PlacedOrder(BaseModel):
    """The order that the request is answered with."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    order_id: str


class PatienceConfig(BaseModel):
    """How long an order may wait for its restaurant's answer."""

    patience_seconds: int = Field(default=900, alias="patienceSeconds", ge=1, le=86_400)


@http_handler(
    errors={
        RestaurantNotFoundError: NotFound,
        IdempotencyKeyReusedError: UnprocessableContent,
        OrderUncertainError: ServiceUnavailable,
        TooManyOrdersError: TooManyRequests,
    },
    uses=(wiring.orders, wiring.restaurants, wiring.allowances),
)
def handle(
    body: PlaceOrderRequest,
    caller: Caller,
    config: Annotated[PatienceConfig, FromParameter("config")],
    idempotency_key: Annotated[IdempotencyKey | None, FromHeader()] = None,
) -> PlacedOrder:
    """Store the caller's order; a repeat with the same key meets the same order."""
    order = place_order(
        wiring.orders(),
        wiring.restaurants(),
        wiring.allowances(),
        customer_id=caller.user_id,
        restaurant_name=body.restaurant_name,
        patience=timedelta(seconds=config.patience_seconds),
        idempotency_key=idempotency_key,
        correlation_id=correlation_id(),
    )
    name_in_logs(order.order_id)
    return PlacedOrder(order_id=order.order_id)
