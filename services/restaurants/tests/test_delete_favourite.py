"""Removing a bookmark."""

from restaurants.handlers.delete_favourite import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeFavourites


def delete(name: str, customer_id: str | None = "ada") -> Reply:
    return call(handle, rest_event(caller=customer_id, path_parameters={"name": name}))


def test_the_endpoint_removes_the_callers_own_bookmark(favourites: FakeFavourites) -> None:
    favourites.bookmarks = {("ada", "Fangtasia"), ("ada", "Lil' Bits"), ("bob", "Fangtasia")}
    assert (delete("Fangtasia").status, delete("Fangtasia").status) == (204, 204)
    assert favourites.bookmarks == {("ada", "Lil' Bits"), ("bob", "Fangtasia")}


def test_the_endpoint_answers_401_when_nobody_is_signed_in(favourites: FakeFavourites) -> None:
    favourites.add("ada", "Fangtasia")
    assert delete("Fangtasia", customer_id=None).status == 401
    assert favourites.bookmarks == {("ada", "Fangtasia")}
