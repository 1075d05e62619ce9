"""What is logged of an incoming event: nothing that a caller, a customer or a secret could be read from."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from service_kit._safe.event_outline import outline
from service_kit.events import BusEvent, Change, event_handler, queue_handler, stream_handler
from service_kit.http import Caller, HttpResponse, http_handler
from service_kit.invocation import logger
from service_kit.testing import bus_event, queue_message, rest_event, stream_record

Logged = Callable[[], list[dict[str, Any]]]

ORDER = "0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c"
HOSTILE = [
    "ada.lovelace@example.com",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2VjcmV0",
    "Aa1!correct-horse",
    "hunter",
    "AKIAIOSFODNN7EXAMPLE",
    "+49 30 123456",
    "half of a pair \ud83d",
]


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


@http_handler()
def answer(body: Anything, query: Anything, caller: Caller) -> HttpResponse[None]:
    return HttpResponse(status=204)


@queue_handler()
def consume(event: BusEvent[Anything]) -> None:
    pass


@stream_handler()
def follow(changes: list[Change[Anything]]) -> None:
    pass


@event_handler()
def step(event: Anything) -> None:
    pass


HANDLERS: dict[str, tuple[Callable[[dict[str, Any], Any], Any], dict[str, Any]]] = {
    "http": (
        answer,
        rest_event(
            {"restaurantName": "Fangtasia", "orderId": ORDER, "state": "placed"},
            caller="ada",
            groups="restaurant-admins",
            path_parameters={"orderId": ORDER, "name": "Fangtasia"},
            query={"cursor": "x"},
            headers={"Authorization": "Bearer x", "X-Forwarded-For": "203.0.113.7", "Cookie": "a=b"},
        ),
    ),
    "queue": (
        consume,
        {"Records": [queue_message(ORDER, bus_event({"orderId": ORDER}, detail_type="order_placed"))]},
    ),
    "stream": (
        follow,
        {
            "Records": [
                stream_record("INSERT", keys=("orderId",), after={"orderId": ORDER, "customerId": "ada"})
            ]
        },
    ),
    "event": (step, bus_event({"orderId": ORDER, "email": "x"}, detail_type="user_erasure_requested")),
}


# AWS sets these, and log lines name requests, messages and records by them.
SET_BY_AWS = {"requestId", "messageId", "eventID", "SequenceNumber", "eventSourceARN"}


def poisoned(value: Any, hostile: str) -> Any:
    """Return an event in which every text is hostile, and every holder has a member of a hostile name."""
    if isinstance(value, dict):
        return {
            name: member if name in SET_BY_AWS else poisoned(member, hostile)
            for name, member in value.items()
        } | {hostile: hostile}
    if isinstance(value, list):
        return [poisoned(item, hostile) for item in value]
    if isinstance(value, str):
        try:
            inner = json.loads(value)
        except ValueError:
            return hostile
        return json.dumps(poisoned(inner, hostile)) if isinstance(inner, dict) else hostile
    return value


def with_one_poisoned_text(value: Any, hostile: str) -> list[Any]:
    """Return an event as often as it has texts, each time with another one that is hostile."""
    if isinstance(value, dict):
        return [
            value | {name: changed}
            for name, member in value.items()
            if name not in SET_BY_AWS
            for changed in with_one_poisoned_text(member, hostile)
        ]
    if isinstance(value, list):
        return [[changed] for item in value for changed in with_one_poisoned_text(item, hostile)]
    return [hostile] if isinstance(value, str) else []


@pytest.fixture(autouse=True)
def debugging() -> None:
    logger.setLevel(logging.DEBUG)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", HANDLERS)
def test_no_log_line_of_any_handler_holds_what_came_with_its_event(
    context: Any, capsys: pytest.CaptureFixture[str], kind: str, hostile: str
) -> None:
    handle, event = HANDLERS[kind]
    events = [poisoned(event, hostile), *with_one_poisoned_text(event, hostile)]
    for one in events:
        try:
            handle(one, context)
        except Exception:  # noqa: BLE001, S112, only what it logs is looked at
            continue
    output = capsys.readouterr().out
    assert output.count('"message":"called"') == len(events)
    assert hostile not in output
    assert json.dumps(hostile)[1:-1] not in output


@pytest.mark.parametrize("kind", HANDLERS)
def test_the_event_of_every_handler_is_logged_at_level_debug_only(
    context: Any, logged: Logged, kind: str
) -> None:
    handle, event = HANDLERS[kind]
    handle(event, context)
    (called,) = [line for line in logged() if line.get("message") == "called"]
    assert ORDER in json.dumps(called["event"])
    logger.setLevel(logging.INFO)
    handle(event, context)
    assert [line for line in logged() if line.get("message") == "called"] == []


def test_what_names_a_request_or_an_order_is_shown_and_all_else_counted() -> None:
    event = rest_event({"orderId": ORDER, "note": "x"}, path_parameters={"orderId": ORDER}, caller="ada")
    assert outline(event) == {
        "resource": "/orders",
        "httpMethod": "POST",
        "pathParameters": {"orderId": ORDER},
        "requestContext": {"hidden": 2},
        "body": {"orderId": ORDER, "hidden": 1},
        "hidden": 7,
    }


@pytest.mark.parametrize(
    "event",
    [
        {"body": '{"a":' * 5_000 + "1" + "}" * 5_000},
        {"body": "x" * 1_000_000},
        {"body": json.dumps({"body": json.dumps({"body": "{}"})})},
        {"Records": [[[[[[[[[[["deep"]]]]]]]]]]]},
        {"Records": ["x"] * 1_000},
        None,
    ],
)
def test_the_outline_of_any_event_is_short(event: object) -> None:
    assert len(json.dumps(outline(event))) < 300
