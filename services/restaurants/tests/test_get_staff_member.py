"""Whether a person is staff of a restaurant, for other services."""

from restaurants.handlers.get_staff_member import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeStaff, staff_member


def get(name: str, email: str) -> Reply:
    return call(handle, rest_event(path_parameters={"name": name, "email": email}))


def test_the_endpoint_answers_a_member_of_the_staff(staff: FakeStaff) -> None:
    staff.members["Fangtasia", "ada@example.com"] = staff_member("ada@example.com")
    reply = get("Fangtasia", "Ada@Example.com")
    assert (reply.status, reply.document) == (
        200,
        {"restaurantName": "Fangtasia", "email": "ada@example.com"},
    )


def test_the_endpoint_answers_404_for_staff_of_another_restaurant(staff: FakeStaff) -> None:
    staff.members["Lil' Bits", "ada@example.com"] = staff_member("ada@example.com")
    reply = get("Fangtasia", "ada@example.com")
    assert (reply.status, reply.document["detail"]) == (404, "ada@example.com is no staff of “Fangtasia”.")
