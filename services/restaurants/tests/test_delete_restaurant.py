"""Taking a restaurant out of the catalogue."""

import pytest

from restaurants.domain.delete_restaurant import delete_restaurant
from restaurants.domain.errors import RestaurantChangedError, RestaurantNotFoundError
from restaurants.handlers import get_restaurant
from restaurants.handlers.delete_restaurant import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeStaff, restaurant, staff_member

pytestmark = pytest.mark.usefixtures("staff")


def test_a_deleted_restaurant_is_gone_with_its_staff(catalogue: FakeCatalogue, staff: FakeStaff) -> None:
    catalogue.put(restaurant("Fangtasia"))
    for name, email in (
        ("Fangtasia", "ada@x.example"),
        ("Fangtasia", "bob@x.example"),
        ("B", "ada@x.example"),
    ):
        staff.members[name, email] = staff_member(email)
    delete_restaurant(catalogue, staff, name="Fangtasia")
    assert catalogue.by_name == {}
    assert list(staff.members) == [("B", "ada@x.example")]


def test_a_restaurant_that_does_not_exist_is_not_found(catalogue: FakeCatalogue, staff: FakeStaff) -> None:
    with pytest.raises(RestaurantNotFoundError, match="“Fangtasia”"):
        delete_restaurant(catalogue, staff, name="Fangtasia")


def test_a_repeated_deletion_removes_the_staff_that_an_interrupted_one_left(
    catalogue: FakeCatalogue, staff: FakeStaff
) -> None:
    staff.members["Fangtasia", "ada@x.example"] = staff_member("ada@x.example")
    with pytest.raises(RestaurantNotFoundError):
        delete_restaurant(catalogue, staff, name="Fangtasia")
    assert staff.members == {}


def test_a_restaurant_that_is_not_deleted_keeps_its_staff(catalogue: FakeCatalogue, staff: FakeStaff) -> None:
    catalogue.put(restaurant("Fangtasia"))
    staff.add("Fangtasia", staff_member("ada@x.example"))
    catalogue.is_changed_meanwhile = True
    with pytest.raises(RestaurantChangedError):
        delete_restaurant(catalogue, staff, name="Fangtasia")
    assert len(staff.members) == 1


def delete(
    name: str = "Fangtasia",
    *,
    groups: str | None = "restaurant-admins",
    caller: str | None = "ada",
    if_match: str | None = None,
) -> Reply:
    headers = None if if_match is None else {"If-Match": if_match}
    event = rest_event(path_parameters={"name": name}, groups=groups, caller=caller, headers=headers)
    return call(handle, event)


def test_the_endpoint_answers_204_without_a_body(catalogue: FakeCatalogue) -> None:
    catalogue.put(restaurant("Fangtasia"))
    reply = delete()
    assert (reply.status, reply.text) == (204, "")
    assert catalogue.by_name == {}


def test_the_endpoint_answers_404_for_a_restaurant_that_does_not_exist(catalogue: FakeCatalogue) -> None:
    reply = delete()
    assert reply.status == 404
    assert reply.document["requestId"] == "gateway-request"


@pytest.mark.parametrize("groups", [None, "customers"])
def test_the_endpoint_answers_403_to_everybody_but_admins(
    catalogue: FakeCatalogue, groups: str | None
) -> None:
    catalogue.put(restaurant("Fangtasia"))
    assert delete(groups=groups).status == 403
    assert "Fangtasia" in catalogue.by_name


def test_the_endpoint_tells_others_not_even_whether_there_is_such_a_restaurant(
    catalogue: FakeCatalogue,
) -> None:
    assert delete("Los Pollos Hermanos", groups="customers").status == 403


def test_the_endpoint_answers_401_when_nobody_is_signed_in(catalogue: FakeCatalogue) -> None:
    assert delete(caller=None).status == 401


def test_the_endpoint_answers_409_when_somebody_else_changed_it_at_the_same_time(
    catalogue: FakeCatalogue,
) -> None:
    catalogue.put(restaurant("Fangtasia"))
    catalogue.is_changed_meanwhile = True
    assert delete().status == 409


@pytest.mark.parametrize("if_match", ["{tag}", "*"])
def test_a_restaurant_that_has_the_tag_is_deleted(catalogue: FakeCatalogue, if_match: str) -> None:
    catalogue.put(restaurant("Fangtasia"))
    found = call(get_restaurant.handle, rest_event(path_parameters={"name": "Fangtasia"}))
    assert delete(if_match=if_match.format(tag=found.headers["etag"])).status == 204
    assert catalogue.by_name == {}


def test_a_restaurant_that_has_another_tag_stays_with_its_staff(
    catalogue: FakeCatalogue, staff: FakeStaff
) -> None:
    catalogue.put(restaurant("Fangtasia"))
    staff.add("Fangtasia", staff_member("ada@x.example"))
    reply = delete(if_match='"other"')
    assert (reply.status, reply.document["title"]) == (412, "Precondition Failed")
    assert "Fangtasia" in catalogue.by_name
    assert len(staff.members) == 1


def test_a_restaurant_that_does_not_exist_is_not_found_whatever_tag_it_should_have(
    catalogue: FakeCatalogue,
) -> None:
    assert [delete(if_match=header).status for header in ("*", '"other"')] == [404, 404]
