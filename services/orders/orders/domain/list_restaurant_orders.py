"""Look at the orders of a restaurant."""

from orders.domain.models import AnswerQueue, OrderPage, Orders, Staff
from orders.domain.require_staff import require_staff


def list_restaurant_orders(
    orders: Orders,
    staff: Staff,
    *,
    restaurant_name: str,
    email: str | None,
    queue: AnswerQueue,
    cursor: str | None,
    limit: int,
) -> OrderPage:
    """Return a page of one of the restaurant's lists.

    Raises:
        NotStaffError: who asks is not staff of the restaurant.
        InvalidCursorError: the cursor is not one that a page gave.
    """
    require_staff(staff, restaurant_name=restaurant_name, email=email)
    return orders.of_restaurant(restaurant_name, queue, cursor=cursor, limit=limit)
