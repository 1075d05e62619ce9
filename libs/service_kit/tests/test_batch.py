"""Handlers that work on a whole batch of a queue."""

import json
from collections.abc import Collection

import pytest
from pydantic import BaseModel

from service_kit.events import BusEvent, batch_handler
from service_kit.signature import SignatureError
from service_kit.testing import bus_event, deliver, lambda_context, queue_message


class Order(BaseModel):
    """What the tests read of an event."""

    order_id: int


def message(name: str, order_id: object = 1) -> dict[str, object]:
    return queue_message(name, bus_event({"order_id": order_id}, detail_type="order_placed"))


def test_the_function_is_called_once_with_the_events_by_their_messages() -> None:
    seen: list[dict[str, int]] = []

    @batch_handler()
    def handle(events: dict[str, BusEvent[Order]]) -> Collection[str]:
        seen.append({name: event.detail.order_id for name, event in events.items()})
        return ()

    assert deliver(handle, message("a", 1), message("b", 2)) == []
    assert seen == [{"a": 1, "b": 2}]


def test_what_does_not_fit_and_what_the_function_names_fails(capsys: pytest.CaptureFixture[str]) -> None:
    @batch_handler()
    def handle(events: dict[str, BusEvent[Order]]) -> Collection[str]:
        return ["b"]

    assert deliver(handle, message("a"), message("b"), message("broken", "a secret")) == ["broken", "b"]
    out = capsys.readouterr().out
    line = next(line for line in map(json.loads, out.splitlines()) if line["level"] == "ERROR")
    assert line["message_id"] == "broken"
    assert "a secret" not in out


def test_without_a_readable_message_the_function_is_not_called() -> None:
    @batch_handler()
    def handle(events: dict[str, BusEvent[Order]]) -> Collection[str]:
        raise AssertionError

    assert deliver(handle, queue_message("a", "{")) == ["a"]


def test_an_error_of_the_function_fails_the_whole_batch() -> None:
    @batch_handler()
    def handle(events: dict[str, BusEvent[Order]]) -> Collection[str]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        handle({"Records": [message("a")]}, lambda_context())


def test_a_signature_that_is_no_batch_is_refused() -> None:
    with pytest.raises(SignatureError, match="annotate it as dict"):

        @batch_handler()
        def handle(events: list[BusEvent[Order]]) -> Collection[str]:
            return ()
