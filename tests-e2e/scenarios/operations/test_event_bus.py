"""What services publish is on the stage's bus."""

import uuid

import pytest
from stagectl.checkout.facts import EVENT_SOURCE

from steps import then, when
from support.end_to_end_queue import EndToEndQueue
from support.stage import Stage

pytestmark = pytest.mark.about("events")


def test_an_event_that_a_service_publishes_is_on_the_bus(stage: Stage, messages: EndToEndQueue) -> None:
    erasure_id = str(uuid.uuid4())

    when.an_event_happens(stage, "user_erased", {"erasureId": erasure_id, "service": "events"})

    message = messages.wait_for(
        lambda one: one.content.get("erasureId") == erasure_id,
        within_seconds=then.DELIVERY_SECONDS,
        what="the event",
        about=erasure_id,
    )
    assert (message.channel, message.name, message.source) == (
        stage.published("shared-infra", "eventBusName"),
        "user_erased",
        EVENT_SOURCE,
    )
