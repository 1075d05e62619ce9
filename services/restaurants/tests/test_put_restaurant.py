"""Adding or changing a restaurant."""

import re

import pytest

from restaurants.handlers import get_restaurant
from restaurants.handlers.put_restaurant import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, restaurant

DETAILS = {"image": "assets/images/fangtasia.svg", "themes": ["true blood"]}


def put(
    body: object,
    *,
    name: str = "Fangtasia",
    groups: str | None = "restaurant-admins",
    caller: str | None = "ada",
    if_match: str | None = None,
) -> Reply:
    headers = None if if_match is None else {"if-match": if_match}
    event = rest_event(body, path_parameters={"name": name}, groups=groups, caller=caller, headers=headers)
    return call(handle, event)


def test_the_endpoint_answers_the_restaurant_as_the_list_shows_it(catalogue: FakeCatalogue) -> None:
    reply = put(DETAILS)
    assert (reply.status, reply.document) == (
        200,
        {
            "name": "Fangtasia",
            "image": "https://restaurants.example/test/assets/images/fangtasia.svg",
            "themes": ["true blood"],
        },
    )
    assert catalogue.by_name == {"Fangtasia": restaurant("Fangtasia", "true blood")}


def test_a_restaurant_replaces_the_one_of_its_name(catalogue: FakeCatalogue) -> None:
    catalogue.put(restaurant("Fangtasia", "true blood"))
    assert put(DETAILS | {"themes": ["vampires"]}).status == 200
    assert catalogue.by_name == {"Fangtasia": restaurant("Fangtasia", "vampires")}


@pytest.mark.parametrize("groups", ["restaurant-admins", "customers,restaurant-admins"])
def test_the_endpoint_lets_admins_in(catalogue: FakeCatalogue, groups: str) -> None:
    assert put(DETAILS, groups=groups).status == 200


@pytest.mark.parametrize("groups", [None, "customers", "restaurant-admins-of-old"])
def test_the_endpoint_answers_403_to_everybody_else(catalogue: FakeCatalogue, groups: str | None) -> None:
    reply = put(DETAILS, groups=groups)
    assert reply.status == 403
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.document["requestId"] == "gateway-request"
    assert catalogue.by_name == {}


def test_the_endpoint_answers_401_when_nobody_is_signed_in(catalogue: FakeCatalogue) -> None:
    assert put(DETAILS, caller=None).status == 401
    assert catalogue.by_name == {}


def test_the_endpoint_tells_others_not_even_what_is_wrong_with_their_request(
    catalogue: FakeCatalogue,
) -> None:
    assert put({}, groups="customers").status == 403


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"image": None}, "image"),
        ({"image": "https://elsewhere.example/a.svg"}, "image"),
        ({"image": "assets/images/../../settings.svg"}, "image"),
        ({"image": "assets/images/fangtasia.svg\n"}, "image"),
        ({"themes": None}, "themes"),
        ({"themes": "true blood"}, "themes"),
        ({"themes": ["true blood", " "]}, "themes.1"),
        ({"themes": ["x" * 61]}, "themes.0"),
        ({"themes": [str(number) for number in range(11)]}, "themes"),
    ],
)
def test_the_endpoint_answers_400_that_names_a_bad_field(
    catalogue: FakeCatalogue, details: dict[str, object], field: str
) -> None:
    reply = put(DETAILS | details)
    assert (reply.status, reply.bad_fields) == (400, [("body", field)])
    assert catalogue.by_name == {}


def test_the_endpoint_answers_400_for_what_can_be_no_name(catalogue: FakeCatalogue) -> None:
    assert put(DETAILS, name="a/b").bad_fields == [("path", "name")]


def test_the_endpoint_answers_409_when_somebody_else_changed_it_at_the_same_time(
    catalogue: FakeCatalogue,
) -> None:
    catalogue.is_changed_meanwhile = True
    reply = put(DETAILS)
    assert reply.status == 409
    assert "Try again" in reply.document["detail"]


def test_the_tag_of_the_answer_is_that_by_which_others_find_the_restaurant(catalogue: FakeCatalogue) -> None:
    tag = put(DETAILS).headers["etag"]
    found = call(get_restaurant.handle, rest_event(path_parameters={"name": "Fangtasia"}))
    assert tag == found.headers["etag"] == put(DETAILS).headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    assert put(DETAILS | {"themes": []}).headers["etag"] != tag
    assert put(DETAILS, name="Merlotte's").headers["etag"] != tag


def test_a_restaurant_that_has_the_tag_is_replaced(catalogue: FakeCatalogue) -> None:
    tag = put(DETAILS).headers["etag"]
    reply = put(DETAILS | {"themes": ["vampires"]}, if_match=f'"other", {tag}')
    assert reply.status == 200
    assert catalogue.by_name == {"Fangtasia": restaurant("Fangtasia", "vampires")}
    assert put(DETAILS, if_match=reply.headers["etag"]).status == 200
    assert put(DETAILS, if_match="*").status == 200


@pytest.mark.parametrize("if_match", ["{old}", "W/{new}", '"other"', "", "nonsense"])
def test_a_restaurant_that_has_another_tag_stays_as_it_is(catalogue: FakeCatalogue, if_match: str) -> None:
    old = put(DETAILS).headers["etag"]
    new = put(DETAILS | {"themes": []}).headers["etag"]
    reply = put(DETAILS, if_match=if_match.format(old=old, new=new))
    assert (reply.status, reply.document["title"]) == (412, "Precondition Failed")
    assert "Read it again" in reply.document["detail"]
    assert catalogue.by_name == {"Fangtasia": restaurant("Fangtasia")}


@pytest.mark.parametrize("if_match", ["*", '"other"'])
def test_a_restaurant_that_has_to_exist_is_not_added(catalogue: FakeCatalogue, if_match: str) -> None:
    assert put(DETAILS, if_match=if_match).status == 412
    assert catalogue.by_name == {}


def test_a_restaurant_that_somebody_else_changed_at_the_same_time_has_the_tag_no_longer(
    catalogue: FakeCatalogue,
) -> None:
    tag = put(DETAILS).headers["etag"]
    catalogue.is_changed_meanwhile = True
    assert put(DETAILS, if_match=tag).status == 412
