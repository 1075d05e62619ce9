import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, Field

from service_kit.stream import stream_handler
from service_kit.validation import InvalidData


class Order(BaseModel):
    order_id: str = Field(alias="orderId")
    total: Decimal = Decimal(0)
    guests: int = 1
    themes: set[str] = set()
    note: str | None = None


batches: list[list[str]] = []


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    batches.clear()


@stream_handler(Order)
def handle(records: list[Order]) -> None:
    batches.append([order.order_id for order in records])


def change(order_id: Any, name: str = "INSERT", **attributes: Any) -> dict[str, Any]:
    image = {"orderId": {"S": order_id} if isinstance(order_id, str) else order_id, **attributes}
    images = {} if name == "REMOVE" else {"NewImage": image}
    return {"eventName": name, "dynamodb": {"Keys": {}, "SequenceNumber": "111", **images}}


def test_a_batch_reaches_the_function_at_once_and_in_order(context: Any) -> None:
    handle({"Records": [change("o-1"), change("o-2"), change("o-3")]}, context)
    assert batches == [["o-1", "o-2", "o-3"]]


def test_only_inserted_items_count_by_default(context: Any) -> None:
    handle({"Records": [change("o-1", "MODIFY"), change("o-2"), change("o-3", "REMOVE")]}, context)
    assert batches == [["o-2"]]


def test_a_batch_without_matching_records_is_nothing_to_do(context: Any) -> None:
    handle({"Records": [change("o-1", "REMOVE")]}, context)
    assert batches == []


def test_changed_items_count_when_asked_for(context: Any) -> None:
    ids: list[str] = []

    @stream_handler(Order, event_names={"INSERT", "MODIFY"})
    def both(records: list[Order]) -> None:
        ids.extend(order.order_id for order in records)

    both({"Records": [change("o-1", "MODIFY"), change("o-2")]}, context)
    assert ids == ["o-1", "o-2"]


def test_items_of_another_kind_can_be_left_out(context: Any) -> None:
    ids: list[str] = []

    @stream_handler(Order, where=lambda image: image.get("kind") == "order")
    def orders(records: list[Order]) -> None:
        ids.extend(order.order_id for order in records)

    orders({"Records": [change({"N": "1"}, kind={"S": "key"}), change("o-2", kind={"S": "order"})]}, context)
    assert ids == ["o-2"]


def test_dynamodb_types_become_python_types(context: Any) -> None:
    orders: list[Order] = []

    @stream_handler(Order)
    def keep(records: list[Order]) -> None:
        orders.extend(records)

    keep(
        {
            "Records": [
                change(
                    "o-1",
                    total={"N": "12.30"},
                    guests={"N": "3"},
                    themes={"SS": ["a", "b"]},
                    note={"NULL": True},
                )
            ]
        },
        context,
    )
    assert orders == [
        Order.model_validate({"orderId": "o-1", "total": "12.30", "guests": 3, "themes": {"a", "b"}})
    ]


def test_an_image_that_does_not_fit_fails_the_whole_batch_without_being_shown(
    context: Any, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    bad = {"L": [{"S": "hunter2"}]}
    with pytest.raises(InvalidData, match="record 111: orderId: Input should be a valid string") as raised:
        handle({"Records": [change("o-1"), change(bad)]}, context)
    assert batches == []
    assert "hunter2" not in json.dumps(logged()) + str(raised.value)


def test_a_failure_of_the_function_fails_the_whole_batch(context: Any) -> None:
    @stream_handler(Order)
    def broken(records: list[Order]) -> None:
        raise RuntimeError("the bus is down")

    with pytest.raises(RuntimeError, match="the bus is down"):
        broken({"Records": [change("o-1")]}, context)
