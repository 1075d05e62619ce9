"""Erase what this service holds of a person."""

from restaurants.domain.events import UserErased
from restaurants.domain.models import Erasures, Favourites, Staff, email_key
from restaurants.domain.submissions import Submissions


def erase_user(
    favourites: Favourites,
    staff: Staff,
    submissions: Submissions,
    erasures: Erasures,
    *,
    erasure_id: str,
    user_id: str,
    email: str,
) -> None:
    """Erase a person's favourites, submissions and places in staffs, and announce it.

    A repeat changes nothing. Submissions come before staff, so that none is approved in between.
    """
    favourites.remove_all(user_id)
    submissions.remove_all(user_id)
    address = email_key(email)
    for name in staff.restaurants_of(address):
        staff.remove(name, address)
    erasures.publish_user_erased(UserErased(erasure_id=erasure_id))
