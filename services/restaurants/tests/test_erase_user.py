"""Erasing what this service holds of a person."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from restaurants.domain.erase_user import erase_user
from restaurants.domain.events import UserErased
from restaurants.handlers.erase_user import handle
from service_kit.testing import StubClient, bus_event, deliver, queue_message

from .restaurants_fakes import FakeFavourites, FakeStaff, FakeSubmissions, staff_member, submission

SCHEMAS = Path(__file__).parents[2] / "auth" / "events"
REQUESTED = json.loads((SCHEMAS / "user_erasure_requested.schema.json").read_text())["examples"][0]


class Announced(list[UserErased]):
    """The events that were published."""

    def publish_user_erased(self, event: UserErased) -> None:
        self.append(event)


@pytest.fixture(autouse=True)
def ada_and_bob(favourites: FakeFavourites, staff: FakeStaff, submissions: FakeSubmissions) -> None:
    for submission_id, customer_id in (("s-1", REQUESTED["userId"]), ("s-2", "bob")):
        submissions.by_id[submission_id] = submission(submission_id, customer_id=customer_id)
    favourites.bookmarks = {(REQUESTED["userId"], "Fangtasia"), (REQUESTED["userId"], "B"), ("bob", "B")}
    for name, email in (("Fangtasia", REQUESTED["email"]), ("B", REQUESTED["email"]), ("B", "bob@x.example")):
        staff.members[name, email] = staff_member(email)


def test_everything_of_the_person_goes_and_nothing_of_others(
    favourites: FakeFavourites, staff: FakeStaff, submissions: FakeSubmissions
) -> None:
    announced = Announced()
    for _ in range(2):
        erase_user(
            favourites,
            staff,
            submissions,
            announced,
            erasure_id="e-1",
            user_id=REQUESTED["userId"],
            email=REQUESTED["email"].upper(),
        )
    assert favourites.bookmarks == {("bob", "B")}
    assert list(staff.members) == [("B", "bob@x.example")]
    assert list(submissions.by_id) == ["s-2"]
    assert announced == [UserErased(erasure_id="e-1")] * 2


def test_what_is_not_erased_is_not_announced(
    favourites: FakeFavourites, staff: FakeStaff, submissions: FakeSubmissions
) -> None:
    announced = Announced()
    favourites.remove_all = lambda _: 1 / 0  # type: ignore[method-assign,assignment]
    with pytest.raises(ZeroDivisionError):
        erase_user(
            favourites, staff, submissions, announced, erasure_id="e-1", user_id="ada", email="ada@x.example"
        )
    assert announced == []


def erase(detail: dict[str, Any]) -> list[str]:
    message = queue_message("m-1", bus_event(detail, detail_type="user_erasure_requested"))
    return deliver(handle, message)


def test_the_consumer_publishes_what_the_schema_says(
    favourites: FakeFavourites, stub_client: StubClient
) -> None:
    events = stub_client("events")
    entries: list[dict[str, Any]] = []
    events.client.meta.events.register(
        "before-parameter-build.events.PutEvents", lambda params, **_: entries.extend(params["Entries"])
    )
    events.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})
    assert erase(REQUESTED) == []
    (entry,) = entries
    detail = json.loads(entry["Detail"])
    assert (entry["Source"], entry["DetailType"]) == ("big-mouth", "user_erased")
    metadata = {"correlationId": REQUESTED["erasureId"], "schemaVersion": "1"}
    assert detail == {
        "erasureId": REQUESTED["erasureId"],
        "service": "restaurants",
        "metadata": metadata,
    }
    jsonschema.validate(detail, json.loads((SCHEMAS / "user_erased.schema.json").read_text()))
    assert favourites.bookmarks == {("bob", "B")}


def test_an_event_that_cannot_be_published_comes_again(stub_client: StubClient) -> None:
    refused = {"Entries": [{"ErrorCode": "AccessDeniedException", "ErrorMessage": ""}], "FailedEntryCount": 1}
    stub_client("events").add_response("put_events", refused)
    assert erase(REQUESTED) == ["m-1"]
