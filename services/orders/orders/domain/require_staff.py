"""Only staff of a restaurant sees and answers its orders."""

from orders.domain.errors import NotStaffError
from orders.domain.models import Staff


def require_staff(staff: Staff, *, restaurant_name: str, email: str | None) -> None:
    """Do nothing when the person with this verified address is staff of the restaurant.

    Raises:
        NotStaffError: they are not, or have no verified address.
    """
    if email is None or not staff.is_staff(restaurant_name, email):
        raise NotStaffError
