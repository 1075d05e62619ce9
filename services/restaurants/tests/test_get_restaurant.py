"""Looking up a restaurant."""

import pytest

from restaurants.domain.errors import RestaurantNotFoundError
from restaurants.domain.get_restaurant import get_restaurant
from restaurants.handlers.get_restaurant import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, restaurant


def test_a_restaurant_is_found_by_its_name() -> None:
    found = restaurant("Freddy's BBQ Joint")
    assert get_restaurant(FakeCatalogue(found), name="Freddy's BBQ Joint") == found


def test_a_restaurant_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(RestaurantNotFoundError, match="“Los Pollos Hermanos”"):
        get_restaurant(FakeCatalogue(), name="Los Pollos Hermanos")


def get(name: str) -> Reply:
    return call(handle, rest_event(path_parameters={"name": name}))


@pytest.mark.parametrize("name", ["Freddy's BBQ Joint", "Café “Zur Post” 100%", "寿司", "a?b&c=d#e"])
def test_the_endpoint_answers_a_restaurant_whatever_its_name_is_made_of(
    catalogue: FakeCatalogue, name: str
) -> None:
    catalogue.put(restaurant(name, "cartoon", image="lil-bits"))
    reply = get(name)
    assert (reply.status, reply.document) == (
        200,
        {
            "name": name,
            "image": "https://restaurants.example/test/assets/images/lil-bits.svg",
            "themes": ["cartoon"],
        },
    )


def test_the_endpoint_answers_404_for_a_restaurant_that_does_not_exist(catalogue: FakeCatalogue) -> None:
    reply = get("Los Pollos Hermanos")
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.document == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no restaurant called “Los Pollos Hermanos”.",
        "requestId": "gateway-request",
    }


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\nb", "a\x00b", "x" * 101])
def test_the_endpoint_answers_400_for_what_can_be_no_name(catalogue: FakeCatalogue, name: str) -> None:
    reply = get(name)
    assert (reply.status, reply.bad_fields) == (400, [("path", "name")])
