"""Cancel against accept at the same moment: one wins, and customer and restaurant see the same."""

import math
import time
from collections import Counter
from collections.abc import Collection
from contextlib import ExitStack
from http import HTTPStatus

import pytest

from drivers.exchange import Answer, Driver
from steps import given
from steps.given import User
from steps.shop import then, when
from steps.shop.contract import Order
from steps.shop.staff import staff_of
from support.end_to_end_queue import EndToEndQueue
from support.polling import until
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.about("orders")]

# Fewer than a page of their list holds, and than they may place within a window.
ORDERS_OF_A_CUSTOMER = 10
# Either side gets a head start of up to this, so that each wins some of the races.
HEAD_START_SECONDS = 0.04
SEEN_SECONDS = 30
FINAL_STATES = ("accepted", "rejected", "cancelled", "expired")


@pytest.mark.parametrize(
    "races",
    [
        20,
        # In `npm run test:all`; on AWS and under a tester's role the twenty have to do.
        pytest.param(200, marks=[pytest.mark.emulator_only, pytest.mark.timeout(600)]),
    ],
)
def test_of_cancel_and_accept_at_once_one_wins_and_both_sides_see_it(
    *,
    driver: Driver,
    stage: Stage,
    restaurant_admin: User,
    new_restaurant: str,
    messages: EndToEndQueue,
    races: int,
) -> None:
    with ExitStack() as stack:
        cook = stack.enter_context(given.a_signed_in_user(stage))
        stack.enter_context(staff_of(driver, restaurant_admin, new_restaurant, cook))
        customers = [
            stack.enter_context(given.a_signed_in_user(stage))
            for _ in range(math.ceil(races / ORDERS_OF_A_CUSTOMER))
        ]
        winners: dict[str, str] = {}
        for number in range(races):
            customer = customers[number // ORDERS_OF_A_CUSTOMER]
            order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, new_restaurant))
            head_start = HEAD_START_SECONDS * (2 * number / (races - 1) - 1)
            winners[order_id] = _race(driver, order_id, cook, customer, head_start)

        customers_side = {
            str(order.orderId): order.state
            for customer in customers
            for order in _of_customer(driver, customer)
        }
        restaurants_side = until(
            lambda: _of_restaurant(driver, cook, new_restaurant),
            # The index follows the table a moment late.
            lambda seen: seen.keys() == winners.keys() and set(seen.values()) <= set(FINAL_STATES),
            within_seconds=SEEN_SECONDS,
            what="all orders in the restaurant's lists of answered orders",
        )

    assert customers_side == winners
    assert restaurants_side == winners
    for order_id, state in winners.items():
        then.the_bus_carries(messages, stage, f"order_{state}", order_id)
    assert _outcomes_on_the_bus(messages, winners) == winners
    assert set(winners.values()) == {"accepted", "cancelled"}, Counter(winners.values())


def _race(driver: Driver, order_id: str, cook: User, customer: User, head_start_seconds: float) -> str:
    """Let both ask at once, the customer later by the head start; return the state that won."""

    def ask(user: User, action: str, later_seconds: float) -> Answer:
        time.sleep(max(0.0, later_seconds))
        return until(
            lambda: when.a_user_answers_an_order(driver, user.id_token, order_id, action),
            # As clients do: on a busy machine, a first start may take longer than its caller waits.
            lambda answer: answer.status != HTTPStatus.SERVICE_UNAVAILABLE,
            within_seconds=SEEN_SECONDS,
            what=f"an answer to {action}",
        )

    accepting, cancelling = when.at_once(
        lambda: ask(cook, "accept", -head_start_seconds), lambda: ask(customer, "cancel", head_start_seconds)
    )
    answers = {"accepted": accepting, "cancelled": cancelling}
    assert sorted(answer.status for answer in answers.values()) == [200, 409], answers
    winner, won = next((state, answer) for state, answer in answers.items() if answer.status == 200)
    assert then.it_shows_an_order(won).state == winner
    return winner


def _of_customer(driver: Driver, customer: User) -> list[Order]:
    page = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))
    assert page.nextCursor is None
    return page.orders


def _of_restaurant(driver: Driver, cook: User, restaurant: str) -> dict[str, str]:
    """Return the states of all orders in the restaurant's lists, each of which is in one list."""
    shown: list[Order] = []
    for state in ("waiting", *FINAL_STATES):
        query = [("state", state)]
        while query:
            page = then.it_shows_orders(
                when.a_user_lists_orders_of(driver, cook.id_token, restaurant, *query)
            )
            shown += page.orders
            query = [("state", state), ("cursor", page.nextCursor)] if page.nextCursor else []
    return {str(order.orderId): order.state for order in shown}


def _outcomes_on_the_bus(messages: EndToEndQueue, order_ids: Collection[str]) -> dict[str, str]:
    """Return the state that the bus carried of each order; of two, both with a space in between."""
    found: dict[str, set[str]] = {}
    for message in messages.seen(lambda one: one.name.removeprefix("order_") in FINAL_STATES):
        order_id = message.content["orderId"]
        if order_id in order_ids:
            found.setdefault(order_id, set()).add(message.name.removeprefix("order_"))
    return {order_id: " ".join(sorted(states)) for order_id, states in found.items()}
