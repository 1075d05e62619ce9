"""Listing a customer's favourites."""

import pytest

from restaurants.domain.get_favourites import get_favourites
from restaurants.handlers.get_favourites import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeFavourites, restaurant


def test_a_customer_gets_their_own_favourites_by_name_as_the_catalogue_shows_them() -> None:
    catalogue = FakeCatalogue(restaurant("a", "new theme"), restaurant("b"), restaurant("c"))
    favourites = FakeFavourites(("ada", "b"), ("ada", "a"), ("bob", "c"))
    page = get_favourites(catalogue, favourites, customer_id="ada", count=10)
    assert (page.restaurants, page.last) == ([restaurant("a", "new theme"), restaurant("b")], None)


def test_a_favourite_that_has_left_the_catalogue_is_not_shown() -> None:
    favourites = FakeFavourites(("ada", "a"), ("ada", "gone"))
    page = get_favourites(FakeCatalogue(restaurant("a")), favourites, customer_id="ada", count=10)
    assert [found.name for found in page.restaurants] == ["a"]


def get(customer_id: str | None = "ada", **query: str) -> Reply:
    return call(handle, rest_event(caller=customer_id, query=query or None))


def test_the_endpoint_shows_favourites_as_the_list_does(
    catalogue: FakeCatalogue, favourites: FakeFavourites
) -> None:
    catalogue.put(restaurant("Fangtasia", "true blood"))
    favourites.add("ada", "Fangtasia")
    reply = get()
    assert (reply.status, reply.document) == (
        200,
        {
            "favourites": [
                {
                    "name": "Fangtasia",
                    "image": "https://restaurants.example/test/assets/images/fangtasia.svg",
                    "themes": ["true blood"],
                }
            ],
            "nextCursor": None,
        },
    )


@pytest.mark.usefixtures("catalogue")
def test_the_endpoint_shows_nobody_elses_favourites(favourites: FakeFavourites) -> None:
    favourites.add("bob", "Fangtasia")
    assert get().document == {"favourites": [], "nextCursor": None}


def test_the_endpoint_pages_by_its_page_size_through_all(
    catalogue: FakeCatalogue, favourites: FakeFavourites
) -> None:
    for number in range(5):
        catalogue.put(restaurant(str(number)))
        favourites.add("ada", str(number))
    pages = [get().document]
    while cursor := pages[-1]["nextCursor"]:
        pages.append(get(cursor=cursor).document)
    shown = [[found["name"] for found in page["favourites"]] for page in pages]
    assert shown == [["0", "1"], ["2", "3"], ["4"]]


@pytest.mark.usefixtures("catalogue", "favourites")
@pytest.mark.parametrize("cursor", ["", "made up", "x" * 601])
def test_the_endpoint_answers_400_that_names_a_bad_cursor(cursor: str) -> None:
    reply = get(cursor=cursor)
    assert (reply.status, reply.bad_fields) == (400, [("query", "cursor")])


@pytest.mark.usefixtures("catalogue", "favourites")
def test_the_endpoint_answers_401_when_nobody_is_signed_in() -> None:
    assert get(customer_id=None).status == 401
