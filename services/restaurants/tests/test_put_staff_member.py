"""Making a person staff of a restaurant."""

import unicodedata

import pytest

from restaurants.handlers import delete_staff_member, get_staff_member, put_staff_member
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeStaff, restaurant


def put(
    email: str,
    *,
    name: str = "Fangtasia",
    groups: str | None = "restaurant-admins",
    caller: str | None = "admin",
) -> Reply:
    path = {"name": name, "email": email}
    return call(put_staff_member.handle, rest_event(path_parameters=path, groups=groups, caller=caller))


@pytest.fixture(autouse=True)
def fangtasia(catalogue: FakeCatalogue) -> None:
    catalogue.put(restaurant("Fangtasia"))


def test_the_endpoint_adds_a_member(staff: FakeStaff) -> None:
    reply = put("cook@example.com")
    assert (reply.status, reply.text) == (204, "")
    assert staff.find("Fangtasia", "cook@example.com") is not None


def test_who_is_staff_already_stays_so_since_then(staff: FakeStaff) -> None:
    put("cook@example.com")
    before = staff.of_restaurant("Fangtasia")
    assert put("cook@example.com").status == 204
    assert staff.of_restaurant("Fangtasia") == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Cook@Example.COM", "cook@example.com"),
        (" cook@example.com ", "cook@example.com"),
        ("success+e2e-1@simulator.amazonses.com", "success+e2e-1@simulator.amazonses.com"),
        ("o'neil_50%@sub-domain.example", "o'neil_50%@sub-domain.example"),
        (unicodedata.normalize("NFD", "Chloé@CAFÉ.example"), "chloé@café.example"),
        (f"{'x' * 242}@example.com", f"{'x' * 242}@example.com"),
    ],
)
def test_addresses_are_the_same_in_any_case_and_composition(staff: FakeStaff, typed: str, kept: str) -> None:
    assert put(typed).status == 204
    assert [member.email for member in staff.of_restaurant("Fangtasia")] == [kept]
    for handler, status in ((get_staff_member.handle, 200), (delete_staff_member.handle, 204)):
        event = rest_event(
            path_parameters={"name": "Fangtasia", "email": typed}, caller="a", groups="restaurant-admins"
        )
        assert call(handler, event).status == status
    assert staff.members == {}


@pytest.mark.parametrize("handler", [put_staff_member, delete_staff_member, get_staff_member])
@pytest.mark.parametrize(
    "email",
    [
        "",
        " ",
        "cook",
        "@example.com",
        "cook@",
        "cook@example",
        "cook@.com",
        "cook@example..com",
        "cook@-example.com",
        "cook@exam_ple-.com",
        ".cook@example.com",
        "cook.@example.com",
        "co..ok@example.com",
        "cook@example.com, chef@example.com",
        "cook <cook@example.com>",
        '"cook"@example.com',
        "cook@@example.com",
        "co ok@example.com",
        "co/ok@example.com",
        "co%2fok@example.com",
        "co\u200bok@example.com",
        "cook\uff20example.com",
        "cook@example.com\n",
        "cook@[127.0.0.1]",
        f"{'x' * 243}@example.com",
        # One code point longer in lower case.
        f"{'x' * 241}İ@example.com",
    ],
)
def test_what_is_no_address_is_refused_on_every_route(staff: FakeStaff, handler: object, email: str) -> None:
    event = rest_event(
        path_parameters={"name": "Fangtasia", "email": email}, caller="a", groups="restaurant-admins"
    )
    reply = call(handler.handle, event)  # type: ignore[attr-defined]
    assert (reply.status, reply.bad_fields) == (400, [("path", "email")])
    assert staff.members == {}


def test_the_endpoint_answers_404_for_a_restaurant_that_does_not_exist(staff: FakeStaff) -> None:
    assert put("cook@example.com", name="Los Pollos Hermanos").status == 404
    assert staff.members == {}


def test_the_endpoint_answers_409_when_the_restaurant_changes_at_the_same_time(
    catalogue: FakeCatalogue, staff: FakeStaff
) -> None:
    catalogue.is_changed_meanwhile = True
    assert put("cook@example.com").status == 409


@pytest.mark.parametrize("groups", [None, "customers"])
def test_the_endpoint_answers_403_to_everyone_but_admins(staff: FakeStaff, groups: str | None) -> None:
    assert put("cook@example.com", groups=groups).status == 403
    assert staff.members == {}


def test_the_endpoint_answers_401_without_a_caller(staff: FakeStaff) -> None:
    assert put("cook@example.com", caller=None).status == 401
    assert staff.members == {}
