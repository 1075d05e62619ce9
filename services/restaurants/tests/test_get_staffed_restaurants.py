"""The restaurants that the caller is staff of."""

from typing import Any

import pytest

from restaurants.handlers.get_staffed_restaurants import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeStaff, staff_member


def get(**claims: Any) -> Reply:
    event = rest_event(caller="ada")
    event["requestContext"]["authorizer"]["claims"] |= claims
    return call(handle, event)


@pytest.fixture(autouse=True)
def three_members(staff: FakeStaff) -> None:
    for name, email in (("Lil' Bits", "ada"), ("Fangtasia", "ada"), ("Don Cuco", "bob")):
        staff.members[name, f"{email}@example.com"] = staff_member(f"{email}@example.com")


@pytest.mark.parametrize("email", ["ada@example.com", "Ada@Example.COM"])
def test_the_endpoint_lists_the_callers_restaurants_by_name(email: str) -> None:
    assert get(email=email).document == {"restaurants": ["Fangtasia", "Lil' Bits"]}


@pytest.mark.parametrize("verified", ["false", False, "", None, "yes"])
def test_an_address_that_is_not_verified_is_staff_of_none(verified: object) -> None:
    assert get(email_verified=verified).document == {"restaurants": []}


def test_a_caller_without_an_address_is_staff_of_none() -> None:
    assert get(email=None).document == {"restaurants": []}


def test_the_endpoint_answers_401_without_a_caller() -> None:
    assert call(handle, rest_event()).status == 401
