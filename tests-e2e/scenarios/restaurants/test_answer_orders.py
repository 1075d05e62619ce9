"""POST /orders/{orderId}/accept and /reject, and the expiry of unanswered orders."""

import time

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.event_seams import restaurants_are_told_elsewhere
from steps.shop.patience import orders_wait_for
from support.end_to_end_queue import EndToEndQueue
from support.polling import until
from support.stage import Stage

pytestmark = pytest.mark.about("orders")

PATIENCE_SECONDS = 1
SECONDS_BETWEEN_ORDERS = 3
# For a parameter's time to live, cold starts, and the way through stream, bus and queue.
EXPIRY_SECONDS = 60


@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_the_customer_sees_a_restaurants_answer_and_the_bus_carries_it(
    *,
    driver: Driver,
    stage: Stage,
    customer: User,
    restaurant_staff: User,
    messages: EndToEndQueue,
    answer: str,
    state: str,
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    answered = then.it_shows_an_order(
        when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, answer)
    )

    assert answered.state == state
    seen = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
    assert seen.state == state
    then.the_bus_carries(messages, stage, f"order_{state}", order_id)


@pytest.mark.about("notifications")
@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_the_customer_is_notified_of_a_restaurants_answer(
    *,
    driver: Driver,
    customer: User,
    restaurant_staff: User,
    messages: EndToEndQueue,
    answer: str,
    state: str,
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, answer)

    assert A_RESTAURANT in then.the_customer_is_notified(messages, order_id, f"order_{state}").text


def test_the_same_answer_again_changes_nothing(
    driver: Driver, customer: User, restaurant_staff: User
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    for _ in range(2):
        answer = when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")
        assert then.it_shows_an_order(answer).state == "accepted"


def test_an_answer_stands_once_it_is_given(driver: Driver, customer: User, restaurant_staff: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "reject")

    late = when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

    then.it_is_refused(late, 409)
    seen = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
    assert seen.state == "rejected"


def test_staff_finds_an_order_until_it_is_answered_and_then_among_the_answers(
    driver: Driver, customer: User, restaurant_staff: User
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    def ids(state: str) -> list[str]:
        ids, cursor = [], None
        while True:
            query = {"state": state} if cursor is None else {"state": state, "cursor": cursor}
            page = then.it_shows_orders(
                when.a_user_lists_orders_of(driver, restaurant_staff.id_token, A_RESTAURANT, *query.items())
            )
            ids += [str(order.orderId) for order in page.orders]
            cursor = page.nextCursor
            if cursor is None:
                return ids

    waits = until(
        lambda: ids("waiting"), lambda found: order_id in found, within_seconds=10, what="the waiting order"
    )
    assert waits[-1] == order_id

    when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

    until(
        lambda: (ids("waiting"), ids("accepted")),
        lambda found: order_id not in found[0] and order_id in found[1],
        within_seconds=10,
        what="the order among the accepted ones only",
    )


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_customers_do_not_answer_orders(driver: Driver, customer: User, answer: str) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    then.it_is_refused(when.a_user_answers_an_order(driver, customer.id_token, order_id, answer), 403)


def test_there_is_no_answer_to_an_order_that_does_not_exist(driver: Driver, restaurant_staff: User) -> None:
    answer = when.a_user_answers_an_order(driver, restaurant_staff.id_token, "no-such-order", "accept")

    then.it_is_refused(answer, 404)


@pytest.mark.http_only
def test_an_unanswered_order_expires_and_publishes_it(
    driver: Driver, stage: Stage, customer: User, restaurant_staff: User, messages: EndToEndQueue
) -> None:
    next_order_at = time.monotonic()

    def expired() -> str | None:
        """Place one more order now and then, since those before may have the old patience."""
        nonlocal next_order_at
        if time.monotonic() >= next_order_at:
            then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
            next_order_at = time.monotonic() + SECONDS_BETWEEN_ORDERS
        page = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))
        return next((str(order.orderId) for order in page.orders if order.state == "expired"), None)

    with orders_wait_for(PATIENCE_SECONDS, stage):
        order_id = until(
            expired,
            lambda found: found is not None,
            within_seconds=EXPIRY_SECONDS,
            what="an expired order",
        )

    assert order_id is not None
    then.the_bus_carries(messages, stage, "order_expired", order_id)
    if not restaurants_are_told_elsewhere(stage):
        then.the_customer_is_notified(messages, order_id, "order_expired")
    late = when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")
    then.it_is_refused(late, 409)
