"""Place an order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from orders.domain.errors import IdempotencyKeyReusedError, RestaurantNotFoundError
from orders.domain.models import Allowances, Order, Orders, OrderState, Restaurants

ORDER_IDS = UUID("6b3f9a5e-6c37-4f0b-8a40-9a0c5b0c7a11")
IDEMPOTENCY_KEY_LIFETIME = timedelta(hours=24)


def place_order(
    orders: Orders,
    restaurants: Restaurants,
    allowances: Allowances,
    *,
    customer_id: str,
    restaurant_name: str,
    patience: timedelta,
    idempotency_key: str | None = None,
    correlation_id: str | None = None,
    now: datetime | None = None,
) -> Order:
    """Store a new order and give it.

    With an idempotency key the order's id is made from the customer and the key, so that a repeat meets the
    order that the first attempt stored, also when both run at once: the one write that stores an order is
    also the one that finds out. Without a key, each call is a new order.

    Args:
        orders: Where orders are kept.
        restaurants: Who knows which restaurants there are.
        allowances: Who knows how many orders a customer may place; repeats under a key are free.
        customer_id: Who orders.
        restaurant_name: With whom.
        patience: How long the order may wait for the restaurant's answer.
        idempotency_key: What the customer's client calls this attempt; good for IDEMPOTENCY_KEY_LIFETIME.
        correlation_id: Names the request; the order keeps that of its first attempt.
        now: When it is; the time of the call by default.

    Raises:
        TooManyOrdersError: the customer has placed many in a short time.
        RestaurantNotFoundError: no restaurant has that name.
        OrderUncertainError: the order may be stored or not; under a key it is safe to try again.
        IdempotencyKeyReusedError: the customer used the key for another restaurant's order.
    """
    placed_at = now or datetime.now(UTC)
    if idempotency_key is None:
        order_id, earlier = str(uuid4()), None
    else:
        order_id, earlier = _find_by_key(orders, f"{customer_id}/{idempotency_key}", placed_at)
    if earlier is not None:
        return _same(earlier, restaurant_name)
    allowances.take(customer_id, placed_at)
    if not restaurants.exists(restaurant_name):
        raise RestaurantNotFoundError(restaurant_name)
    order = Order(
        order_id=order_id,
        customer_id=customer_id,
        restaurant_name=restaurant_name,
        state=OrderState.PLACED,
        placed_at=placed_at,
        answer_by=placed_at + patience,
        correlation_id=correlation_id,
    )
    # Only the first attempt of this very write can have stored an id that was made just now.
    if orders.add(order) or idempotency_key is None:
        return order
    return _same(orders.find(order_id) or order, restaurant_name)


def _find_by_key(orders: Orders, key: str, now: datetime) -> tuple[str, Order | None]:
    """Return the id that an order under this key has, and the order when there is one.

    Once the key has outlived its order's day, the id of the next order under it is made from the key and
    that order, so that repeats of the next one meet each other as well.
    """
    order_id = str(uuid5(ORDER_IDS, key))
    while (found := orders.find(order_id)) and now - found.placed_at >= IDEMPOTENCY_KEY_LIFETIME:
        order_id = str(uuid5(ORDER_IDS, f"{key}/{found.order_id}"))
    return order_id, found


def _same(earlier: Order, restaurant_name: str) -> Order:
    if earlier.restaurant_name != restaurant_name:
        raise IdempotencyKeyReusedError
    return earlier
