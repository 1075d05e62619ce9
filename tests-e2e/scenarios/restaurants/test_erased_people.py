"""Nothing of a person is left in the catalogue's service after their erasure."""

import json
import uuid

import pytest

from drivers.exchange import Driver
from steps import given, then, when
from steps.given import User
from support.end_to_end_queue import EndToEndQueue
from support.stage import Stage

# They put events on the bus, which only the product may do on AWS.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("restaurants")]


def test_the_favourites_and_the_staff_entries_of_an_erased_person_are_gone(
    stage: Stage,
    driver: Driver,
    messages: EndToEndQueue,
    *,
    restaurant_admin: User,
    customer: User,
    another_customer: User,
) -> None:
    for user in (customer, another_customer):
        when.a_user_bookmarks(driver, user.id_token, given.A_RESTAURANT)
        when.a_user_makes_staff(
            driver, restaurant_admin.id_token, given.ANOTHER_RESTAURANT, user.person.email
        )
    erasure = {"erasureId": str(uuid.uuid4()), "userId": customer.user_id, "email": customer.person.email}

    for _ in range(2):
        _publish(stage, erasure)

    messages.wait_for(
        lambda one: (
            one.name == "user_erased"
            and (one.content["erasureId"], one.content["service"]) == (erasure["erasureId"], "restaurants")
        ),
        within_seconds=then.DELIVERY_SECONDS,
        what=f"user_erased of {erasure['erasureId']}",
        about=erasure["erasureId"],
    )

    kept = [
        then.it_shows_favourites(when.a_user_lists_favourites(driver, user.id_token)).favourites
        for user in (customer, another_customer)
    ]
    assert [[one.name for one in favourites] for favourites in kept] == [[], [given.A_RESTAURANT]]
    members = [
        when.a_service_asks_for_staff(driver, given.ANOTHER_RESTAURANT, user.person.email).status
        for user in (customer, another_customer)
    ]
    assert members == [404, 200]
    when.a_user_removes_staff(
        driver, restaurant_admin.id_token, given.ANOTHER_RESTAURANT, another_customer.person.email
    )


def _publish(stage: Stage, erasure: dict[str, str]) -> None:
    metadata = {"correlationId": erasure["erasureId"], "schemaVersion": "1"}
    entry = {
        "EventBusName": stage.published("shared-infra", "eventBusName"),
        "Source": "big-mouth",
        "DetailType": "user_erasure_requested",
        "Detail": json.dumps(erasure | {"metadata": metadata}),
    }
    assert stage.events.put_events(Entries=[entry])["FailedEntryCount"] == 0  # type: ignore[list-item]
