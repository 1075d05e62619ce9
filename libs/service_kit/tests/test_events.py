import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from service_kit._safe.validation import InvalidData
from service_kit.events import BusEvent, event_handler
from service_kit.invocation import correlation_id


class OrderPlaced(BaseModel):
    order_id: str = Field(alias="orderId")


class PostConfirmation(BaseModel):
    model_config = ConfigDict(extra="allow")
    user_name: str = Field(alias="userName")


EVENT = {
    "id": "e-1",
    "source": "big-mouth",
    "detail-type": "order_placed",
    "time": "2024-01-02T03:04:05Z",
    "detail": {"orderId": "o-1", "correlationId": "c-1"},
}


@event_handler()
def on_order_placed(event: BusEvent[OrderPlaced]) -> list[str | None]:
    return [event.detail.order_id, event.detail_type, correlation_id()]


@event_handler()
def on_confirmation(event: PostConfirmation) -> PostConfirmation:
    return event


def test_a_bus_event_reaches_the_function_and_its_result_is_answered(context: Any) -> None:
    assert on_order_placed(EVENT, context) == ["o-1", "order_placed", "c-1"]


def test_a_step_of_a_workflow_has_the_correlation_id_of_its_execution(context: Any) -> None:
    class Step(BaseModel):
        order_id: str = Field(alias="orderId")

    @event_handler()
    def step(event: Step) -> str | None:
        return correlation_id()

    assert step({"orderId": "o-1", "execution": {"correlationId": "c-1"}}, context) == "c-1"


def test_a_trigger_s_payload_is_answered_by_its_aliases(context: Any) -> None:
    payload = {"userName": "ada", "request": {"userAttributes": {"email": "ada@example.com"}}, "response": {}}
    assert on_confirmation(payload, context) == payload


def test_a_payload_that_does_not_fit_fails_without_being_shown(
    context: Any, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    with pytest.raises(InvalidData, match=r"detail\.orderId: Input should be a valid string") as raised:
        on_order_placed(EVENT | {"detail": {"orderId": ["hunter2"]}}, context)
    assert "hunter2" not in json.dumps(logged()) + str(raised.value)


def test_what_the_function_raises_fails_the_invocation(context: Any) -> None:
    @event_handler()
    def refuse(event: PostConfirmation) -> None:
        raise PermissionError("not on the list")

    with pytest.raises(PermissionError, match="not on the list"):
        refuse({"userName": "ada"}, context)


def test_an_event_can_be_made_by_field_names() -> None:
    event = BusEvent[OrderPlaced](
        id="e-1",
        source="big-mouth",
        detail_type="order_placed",
        time=datetime(2024, 1, 2, tzinfo=UTC),
        detail=OrderPlaced(orderId="o-1"),
    )
    assert event.model_dump(mode="json", by_alias=True)["detail-type"] == "order_placed"
