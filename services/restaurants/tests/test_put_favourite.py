"""Bookmarking a restaurant."""

import pytest

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.put_favourite import put_favourite
from restaurants.handlers.put_favourite import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeFavourites, restaurant


def test_a_restaurant_becomes_a_favourite_of_its_customer() -> None:
    favourites = FakeFavourites()
    catalogue = FakeCatalogue(restaurant("Fangtasia"))
    put_favourite(catalogue, favourites, customer_id="ada", name="Fangtasia")
    assert favourites.bookmarks == {("ada", "Fangtasia")}


def test_a_restaurant_that_does_not_exist_becomes_none() -> None:
    favourites = FakeFavourites()
    with pytest.raises(RestaurantNotFoundError):
        put_favourite(FakeCatalogue(), favourites, customer_id="ada", name="Fangtasia")
    assert favourites.bookmarks == set()


def put(name: str, customer_id: str | None = "ada") -> Reply:
    return call(handle, rest_event(caller=customer_id, path_parameters={"name": name}))


def test_the_endpoint_bookmarks_for_the_caller(catalogue: FakeCatalogue, favourites: FakeFavourites) -> None:
    catalogue.put(restaurant("Lil' Bits"))
    assert (put("Lil' Bits").status, put("Lil' Bits").text) == (204, "")
    assert favourites.bookmarks == {("ada", "Lil' Bits")}


@pytest.mark.usefixtures("catalogue")
def test_the_endpoint_answers_404_when_there_is_no_such_restaurant(favourites: FakeFavourites) -> None:
    reply = put("Fangtasia")
    assert reply.status == 404
    assert "“Fangtasia”" in reply.document["detail"]
    assert favourites.bookmarks == set()


@pytest.mark.usefixtures("catalogue", "favourites")
def test_the_endpoint_answers_400_for_what_can_be_no_name() -> None:
    assert put("a/b").bad_fields == [("path", "name")]


def test_the_endpoint_answers_401_when_nobody_is_signed_in(
    catalogue: FakeCatalogue, favourites: FakeFavourites
) -> None:
    catalogue.put(restaurant("Fangtasia"))
    assert put("Fangtasia", customer_id=None).status == 401
    assert favourites.bookmarks == set()
