"""Place an order."""

from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

from orders.domain.errors import IdempotencyKeyReusedError, RestaurantNotFoundError
from orders.domain.models import Order, Orders, OrderState, Restaurants

ORDER_IDS = UUID("6b3f9a5e-6c37-4f0b-8a40-9a0c5b0c7a11")


def place_order(
    orders: Orders,
    restaurants: Restaurants,
    *,
    customer_id: str,
    restaurant_name: str,
    idempotency_key: str | None = None,
) -> Order:
    """Store a new order and give it.

    With an idempotency key the order's id is made from the customer and the key, so that a repeat meets the
    order that the first attempt stored, also when both run at once: the one write that stores an order is
    also the one that finds out. Without a key, each call is a new order.

    Raises:
        RestaurantNotFoundError: no restaurant has that name.
        IdempotencyKeyReusedError: the customer used the key for another restaurant's order.
    """
    if idempotency_key is None:
        order_id = str(uuid4())
    else:
        order_id = str(uuid5(ORDER_IDS, f"{customer_id}/{idempotency_key}"))
        earlier = orders.find(order_id)
        if earlier is not None:
            return _same(earlier, restaurant_name)
    if not restaurants.exists(restaurant_name):
        raise RestaurantNotFoundError(restaurant_name)
    order = Order(
        order_id=order_id,
        customer_id=customer_id,
        restaurant_name=restaurant_name,
        state=OrderState.PLACED,
        placed_at=datetime.now(UTC),
    )
    if orders.add(order):
        return order
    return _same(orders.find(order_id) or order, restaurant_name)


def _same(earlier: Order, restaurant_name: str) -> Order:
    if earlier.restaurant_name != restaurant_name:
        raise IdempotencyKeyReusedError
    return earlier
