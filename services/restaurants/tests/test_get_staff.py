"""Listing the staff of a restaurant."""

import pytest

from restaurants.handlers.get_staff import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeStaff, restaurant, staff_member


def get(*, groups: str | None = "restaurant-admins", caller: str | None = "admin") -> Reply:
    return call(handle, rest_event(path_parameters={"name": "Fangtasia"}, groups=groups, caller=caller))


def test_the_endpoint_lists_the_restaurants_own_staff_by_address(staff: FakeStaff) -> None:
    for name, email in (("Fangtasia", "bob"), ("Fangtasia", "ada"), ("Lil' Bits", "eve")):
        staff.members[name, f"{email}@example.com"] = staff_member(f"{email}@example.com")
    assert get().document == {
        "staff": [
            {"email": "ada@example.com", "since": "2026-11-28T09:00:00Z"},
            {"email": "bob@example.com", "since": "2026-11-28T09:00:00Z"},
        ]
    }


@pytest.mark.usefixtures("staff")
def test_a_restaurant_without_staff_has_an_empty_list(catalogue: FakeCatalogue) -> None:
    catalogue.put(restaurant("Fangtasia"))
    assert get().document == {"staff": []}


@pytest.mark.usefixtures("staff")
def test_the_endpoint_answers_404_for_a_restaurant_that_does_not_exist() -> None:
    assert get().status == 404


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("groups", "caller", "status"),
    [(None, "ada", 403), ("customers", "ada", 403), ("restaurant-admins", None, 401)],
)
def test_the_endpoint_refuses_everyone_but_admins(
    groups: str | None, caller: str | None, status: int
) -> None:
    assert get(groups=groups, caller=caller).status == status
