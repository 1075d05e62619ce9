"""Erase what this service holds of a person."""

from restaurants.domain.events import UserErased
from restaurants.domain.models import Erasures, Favourites, Staff, email_key


def erase_user(
    favourites: Favourites, staff: Staff, erasures: Erasures, *, erasure_id: str, user_id: str, email: str
) -> None:
    """Erase a person's favourites and places in staffs, and announce it; a repeat changes nothing."""
    favourites.remove_all(user_id)
    address = email_key(email)
    for name in staff.restaurants_of(address):
        staff.remove(name, address)
    erasures.publish_user_erased(UserErased(erasure_id=erasure_id))
