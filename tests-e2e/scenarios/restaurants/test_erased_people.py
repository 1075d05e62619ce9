"""Nothing of a person is left in the services of the catalogue and of the pages after their erasure."""

import json
import uuid
from functools import partial
from typing import Any

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import catalogue, then, when
from support.end_to_end_queue import EndToEndQueue, Message
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
        when.a_user_bookmarks(driver, user.id_token, catalogue.A_RESTAURANT)
        assert when.a_user_accepts(driver, user.id_token, "terms", 1).status == 204
        when.a_user_makes_staff(
            driver, restaurant_admin.id_token, catalogue.ANOTHER_RESTAURANT, user.person.email
        )
    erasure = {"erasureId": str(uuid.uuid4()), "userId": customer.user_id, "email": customer.person.email}

    for _ in range(2):
        _publish(stage, erasure)

    for service in ("restaurants", "web"):
        messages.wait_for(
            partial(_is_answer, erasure_id=erasure["erasureId"], service=service),
            within_seconds=then.DELIVERY_SECONDS,
            what=f"user_erased of {erasure['erasureId']} by {service}",
            about=erasure["erasureId"],
        )

    kept = [
        then.it_shows_favourites(when.a_user_lists_favourites(driver, user.id_token)).favourites
        for user in (customer, another_customer)
    ]
    assert [[one.name for one in favourites] for favourites in kept] == [[], [catalogue.A_RESTAURANT]]
    accepted = [
        [one["accepted"] for one in _documents(driver, user) if one["document"] == "terms"]
        for user in (customer, another_customer)
    ]
    assert [len(versions) for [versions] in accepted] == [0, 1]
    members = [
        when.a_service_asks_for_staff(driver, catalogue.ANOTHER_RESTAURANT, user.person.email).status
        for user in (customer, another_customer)
    ]
    assert members == [404, 200]
    when.a_user_removes_staff(
        driver, restaurant_admin.id_token, catalogue.ANOTHER_RESTAURANT, another_customer.person.email
    )


def _is_answer(message: Message, *, erasure_id: str, service: str) -> bool:
    said = (message.name, message.content.get("erasureId"), message.content.get("service"))
    return said == ("user_erased", erasure_id, service)


def _documents(driver: Driver, user: User) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = json.loads(
        when.a_user_lists_acceptances(driver, user.id_token).content
    )["documents"]
    return documents


def _publish(stage: Stage, erasure: dict[str, str]) -> None:
    metadata = {"correlationId": erasure["erasureId"], "schemaVersion": "1"}
    entry = {
        "EventBusName": stage.published("shared-infra", "eventBusName"),
        "Source": "big-mouth",
        "DetailType": "user_erasure_requested",
        "Detail": json.dumps(erasure | {"metadata": metadata}),
    }
    assert stage.events.put_events(Entries=[entry])["FailedEntryCount"] == 0  # type: ignore[list-item]
