"""One correlation id, from the customer's request to the last event of an order."""

import uuid

import pytest

from drivers.exchange import Driver, Request
from steps import then, when
from steps.given import A_RESTAURANT, User
from support.end_to_end_queue import EndToEndQueue
from support.stage import Stage

pytestmark = [pytest.mark.about("orders"), pytest.mark.about("notifications")]


def test_every_event_of_an_order_has_the_correlation_id_of_the_request_that_placed_it(
    driver: Driver, stage: Stage, customer: User, restaurant_staff: User, messages: EndToEndQueue
) -> None:
    correlation_id = f"e2e-{uuid.uuid4()}"
    headers = {"x-correlation-id": correlation_id}
    body = {"restaurantName": A_RESTAURANT}

    placed = when.a_user_orders(driver, customer.id_token, body, headers)
    order_id = then.an_order_is_placed(placed)
    told = then.the_bus_carries(messages, stage, "restaurant_notified", order_id)
    # Another request, with an id of its own.
    accept = ("orders", order_id, "accept")
    answered = driver.send(
        Request(
            "orders", "POST", accept, headers={"x-correlation-id": "another"}, token=restaurant_staff.id_token
        )
    )

    assert (placed.headers["x-correlation-id"], answered.headers["x-correlation-id"]) == (
        correlation_id,
        "another",
    )
    events = [
        then.the_bus_carries(messages, stage, "order_placed", order_id),
        told,
        then.the_bus_carries(messages, stage, "order_accepted", order_id),
        then.the_topic_carries(messages, order_id),
    ]
    assert [event.model_dump()["metadata"] for event in events] == [
        {"correlationId": correlation_id, "schemaVersion": "1"}
    ] * len(events)
