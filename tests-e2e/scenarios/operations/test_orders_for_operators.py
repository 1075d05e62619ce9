"""`stagectl orders` and `npm start -- --auto-accept`: an operator answers in place of a restaurant."""

import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from stagectl.checkout import Checkout
from stagectl.stages import lifecycle
from stagectl.stages.auto_accept import DELAY_SECONDS, NAME, AutoAccept
from stagectl.stages.orders import Orders

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from support.end_to_end_queue import EndToEndQueue
from support.stage import REPOSITORY, Stage
from support.stagectl_command import stagectl

# An operator's credentials, which a suite does not have on AWS; no handler has a part in it.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("orders")]


def _order(driver: Driver, customer: User, restaurant: str = A_RESTAURANT) -> str:
    return then.an_order_is_placed(when.a_customer_orders_from(driver, customer, restaurant))


def _listed(stage: Stage, restaurant: str, state: str) -> list[dict[str, Any]]:
    listed = stagectl(stage, "orders", "list", restaurant, "--state", state, "--json")
    page = json.loads(listed.stdout)
    assert page["nextCursor"] is None
    orders: list[dict[str, Any]] = page["orders"]
    return orders


@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_an_operator_finds_an_order_and_answers_it(
    *,
    driver: Driver,
    stage: Stage,
    customer: User,
    new_restaurant: str,
    messages: EndToEndQueue,
    answer: str,
    state: str,
) -> None:
    order_id = _order(driver, customer, new_restaurant)
    [waiting] = _listed(stage, new_restaurant, "waiting")

    answered = stagectl(stage, "orders", answer, waiting["orderId"])

    assert answered.stdout == f"Order {order_id} of {new_restaurant} is {state}.\n"
    seen = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
    assert seen.state == state
    then.the_bus_carries(messages, stage, f"order_{state}", order_id)
    then.the_customer_is_notified(messages, order_id, f"order_{state}")
    assert _listed(stage, new_restaurant, "waiting") == []
    assert _listed(stage, new_restaurant, state) == [json.loads(seen.model_dump_json())]


def test_an_operators_answer_does_not_replace_another(driver: Driver, stage: Stage, customer: User) -> None:
    order_id = _order(driver, customer)
    stagectl(stage, "orders", "reject", order_id)

    late = stagectl(stage, "orders", "accept", order_id, "--json")
    again = stagectl(stage, "orders", "reject", order_id, "--json")

    assert (late.returncode, late.stdout) == (1, "")
    assert late.stderr.strip() == "This order is rejected already."
    assert json.loads(again.stdout)["state"] == "rejected"


@pytest.mark.parametrize("order_id", [str(uuid.UUID(int=0)), "💥"])
def test_an_order_that_there_is_not_is_said(stage: Stage, order_id: str) -> None:
    unknown = stagectl(stage, "orders", "accept", order_id)

    assert unknown.returncode == 1
    assert unknown.stderr.strip() == "There is no such order on this stage."


@pytest.fixture
def auto_accept(stage: Stage) -> Iterator[AutoAccept]:
    """What `npm start -- --auto-accept` runs, whose queue and rule are removed afterwards."""
    checkout = Checkout(REPOSITORY)
    orders = Orders(checkout, lifecycle.find(checkout, stage.name, use_emulator=True))
    bus = stage.published("shared-infra", "eventBusName")
    try:
        yield AutoAccept(orders)
    finally:
        with suppress(stage.events.exceptions.ResourceNotFoundException):
            stage.events.remove_targets(Rule=NAME, EventBusName=bus, Ids=["queue"])
            stage.events.delete_rule(Name=NAME, EventBusName=bus)
        with suppress(stage.sqs.exceptions.QueueDoesNotExist):
            stage.sqs.delete_queue(QueueUrl=stage.sqs.get_queue_url(QueueName=NAME)["QueueUrl"])


def test_orders_are_accepted_by_themselves_after_some_seconds(
    driver: Driver, customer: User, auto_accept: AutoAccept
) -> None:
    order_id = _order(driver, customer)

    def state() -> str:
        auto_accept.serve()
        return then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id)).state

    seen = [state()]
    while seen[-1] != "accepted" and len(seen) < 10 * DELAY_SECONDS:
        seen.append(state())

    assert seen[0] in {"placed", "notified"}
    assert seen[-1] == "accepted"
