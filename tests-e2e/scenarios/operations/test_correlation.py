"""One correlation id, from a customer's request to the last event of an order, and what it is good for."""

import json
import uuid
from typing import Any

import pytest

from drivers.exchange import Driver, Request
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from support.end_to_end_queue import EndToEndQueue
from support.polling import until
from support.stage import Stage
from support.stagectl_command import stagectl

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


# An operator's credentials, which a suite does not have on AWS.
@pytest.mark.emulator_only
@pytest.mark.http_only
def test_the_trace_of_an_order_names_every_function_on_its_way(
    driver: Driver, stage: Stage, customer: User, restaurant_staff: User
) -> None:
    correlation_id = f"e2e-{uuid.uuid4()}"
    body, headers = {"restaurantName": A_RESTAURANT}, {"x-correlation-id": correlation_id}
    order_id = then.an_order_is_placed(when.a_user_orders(driver, customer.id_token, body, headers))
    then.the_order_becomes_notified(driver, customer, order_id)
    when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

    def traced(subject: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(stagectl(stage, "trace", subject, "--json").stdout)
        return found

    trace = until(
        lambda: traced(order_id),
        lambda found: found["missing"] == [],
        within_seconds=then.DELIVERY_SECONDS,
        what="a trace without a gap",
    )

    assert trace["correlationIds"][0] == correlation_id
    assert trace["notRead"] == trace["deadLetters"] == []
    assert {f"{line['service']}/{line['function']}" for line in trace["lines"]} >= {
        "orders/place-order",
        "orders/publish-order-events",
        "notifications/notify-restaurant",
        "notifications/push-order-change",
        "notifications/notify-customer",
        "orders/mark-order-notified",
        "orders/accept-order",
    }
    times = [line["at"] for line in trace["lines"]]
    assert times == sorted(times)
    # Its correlation id leads to the same story.
    assert traced(correlation_id)["order"]["orderId"] == order_id
    text = stagectl(stage, "trace", order_id).stdout
    assert f"Order {order_id} at {A_RESTAURANT}, accepted" in text
    assert customer.user_id not in text


@pytest.mark.emulator_only
@pytest.mark.http_only
def test_an_id_that_nothing_knows_is_an_error_that_says_where_was_looked(stage: Stage) -> None:
    answer = stagectl(stage, "trace", str(uuid.uuid4()))

    assert (answer.returncode, answer.stdout) == (1, "")
    assert "has no order" in answer.stderr
    assert "--from 7d" in answer.stderr
