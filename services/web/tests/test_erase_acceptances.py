"""Erasing what this service holds of a person."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from service_kit.testing import StubClient, bus_event, deliver, queue_message
from web.domain.legal_documents import Acceptance
from web.handlers.erase_acceptances import handle

from .acceptance_fakes import FakeAcceptances

SCHEMAS = Path(__file__).parents[2] / "auth" / "events"
REQUESTED = json.loads((SCHEMAS / "user_erasure_requested.schema.json").read_text())["examples"][0]


@pytest.fixture(autouse=True)
def accepted(acceptances: FakeAcceptances) -> None:
    for customer_id in (REQUESTED["userId"], "bob"):
        acceptances.add(customer_id, Acceptance("terms", 1, datetime(2026, 11, 28, tzinfo=UTC)))


def erase() -> list[str]:
    message = queue_message("m-1", bus_event(REQUESTED, detail_type="user_erasure_requested"))
    return deliver(handle, message)


def test_the_acceptances_of_the_person_go_and_the_event_says_so(
    acceptances: FakeAcceptances, stub_client: StubClient
) -> None:
    events = stub_client("events")
    entries: list[dict[str, Any]] = []
    events.client.meta.events.register(
        "before-parameter-build.events.PutEvents", lambda params, **_: entries.extend(params["Entries"])
    )
    events.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})
    assert erase() == []
    assert acceptances.by_customer.keys() == {"bob"}
    detail = json.loads(entries[0]["Detail"])
    assert (detail["erasureId"], detail["service"]) == (REQUESTED["erasureId"], "web")
    jsonschema.validate(detail, json.loads((SCHEMAS / "user_erased.schema.json").read_text()))


def test_what_cannot_be_announced_comes_again(stub_client: StubClient) -> None:
    refused = {"Entries": [{"ErrorCode": "AccessDeniedException", "ErrorMessage": ""}], "FailedEntryCount": 1}
    stub_client("events").add_response("put_events", refused)
    assert erase() == ["m-1"]
