"""Removing a person from the staff of a restaurant."""

import pytest

from restaurants.handlers.delete_staff_member import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeStaff, staff_member


def delete(email: str, *, groups: str | None = "restaurant-admins", caller: str | None = "admin") -> Reply:
    path = {"name": "Fangtasia", "email": email}
    return call(handle, rest_event(path_parameters=path, groups=groups, caller=caller))


@pytest.fixture(autouse=True)
def two_cooks(staff: FakeStaff) -> None:
    for email in ("ada@example.com", "bob@example.com"):
        staff.members["Fangtasia", email] = staff_member(email)


def test_the_endpoint_removes_one_member_also_when_repeated(staff: FakeStaff) -> None:
    assert (delete("ada@example.com").status, delete("ada@example.com").status) == (204, 204)
    assert list(staff.members) == [("Fangtasia", "bob@example.com")]


@pytest.mark.parametrize(
    ("groups", "caller", "status"),
    [(None, "ada", 403), ("customers", "ada", 403), ("restaurant-admins", None, 401)],
)
def test_the_endpoint_refuses_everyone_but_admins(
    staff: FakeStaff, groups: str | None, caller: str | None, status: int
) -> None:
    assert delete("ada@example.com", groups=groups, caller=caller).status == status
    assert len(staff.members) == 2
