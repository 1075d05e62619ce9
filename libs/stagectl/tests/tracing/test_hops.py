from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.tracing.hops import Hop, hops, unpublished
from stagectl.tracing.log_search import Found, Line

from .fake_logs import NOON

NOTIFY = "notifications/notify-restaurant"


@pytest.fixture
def stacks(checkout: Checkout, write: Callable[[str, str], Path]) -> dict[str, Stack]:
    write(
        "services/notifications/serverless.yml",
        """
        service: notifications
        custom:
          eventQueues:
            order-placed: {detailTypes: [order_placed], consumer: notify-restaurant}
            user-erased: {detailTypes: [order_placed]}
        """,
    )
    return services.discover(checkout.root)


def line(seconds: float, place: str, message: str, **members: Any) -> Line:
    service, _, function = place.partition("/")
    entry = {"message": message, "level": "INFO", "detail_type": "order_placed"} | members
    return Line(NOON + timedelta(seconds=seconds), service, function, message, entry)


PUBLISHED = line(0, "orders/publish-order-events", "event published")


def only(stacks: dict[str, Stack], *lines: Line, absent: frozenset[str] = frozenset()) -> Hop | None:
    found = hops(stacks, Found([PUBLISHED, *lines], absent, frozenset()))
    assert len(found) <= 1
    return found[0] if found else None


def test_a_consumer_without_a_line_has_not_handled_the_event(stacks: dict[str, Stack]) -> None:
    hop = only(stacks)

    assert hop is not None
    assert (hop.service, hop.consumer, hop.queue) == ("notifications", "notify-restaurant", "order-placed")
    assert not hop.is_done


def test_a_consumer_that_the_stage_does_not_have_is_not_missed(stacks: dict[str, Stack]) -> None:
    assert only(stacks, absent=frozenset({NOTIFY})) is None


def test_an_event_is_handled_when_the_last_attempt_did_not_fail(stacks: dict[str, Stack]) -> None:
    failed = line(1, NOTIFY, "message failed", level="ERROR", message_id="m", attempt=1)
    done = line(2, NOTIFY, "restaurant notified", message_id="m", attempt=2)

    hop = only(stacks, failed, done)

    assert hop is not None
    assert (hop.is_done, hop.attempts) == (True, 2)


def test_an_attempt_that_ends_in_an_error_has_failed(stacks: dict[str, Stack]) -> None:
    began = line(1, NOTIFY, "trying again", message_id="m", attempt=3)
    failed = line(2, NOTIFY, "message failed", level="ERROR", message_id="m", attempt=3)

    hop = only(stacks, began, failed)

    assert hop is not None
    assert (hop.is_done, hop.error) == (False, failed)


def test_a_line_of_level_debug_is_no_sign_that_an_event_was_handled(stacks: dict[str, Stack]) -> None:
    hop = only(stacks, line(1, NOTIFY, "parameter read", level="DEBUG", message_id="m", attempt=1))

    assert hop is not None
    assert not hop.is_done


def test_what_was_redriven_counts_and_not_how_it_failed_before(stacks: dict[str, Stack]) -> None:
    failed = line(1, NOTIFY, "message failed", level="ERROR", message_id="m", attempt=10)
    redriven = line(2, NOTIFY, "restaurant notified", message_id="n", attempt=1)

    hop = only(stacks, failed, redriven)

    assert hop is not None
    assert hop.is_done


def test_the_events_of_an_orders_states_are_missed_when_none_was_published() -> None:
    order = {"history": [{"state": "placed"}, {"state": "notified"}, {"state": "accepted"}]}

    assert unpublished(order, Found([PUBLISHED], frozenset(), frozenset())) == ["order_accepted"]
