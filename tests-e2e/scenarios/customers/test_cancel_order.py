"""POST /orders/{orderId}/cancel, and what follows from it."""

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.event_seams import restaurants_are_told_elsewhere
from support.end_to_end_queue import EndToEndQueue
from support.stage import Stage

pytestmark = pytest.mark.about("orders")


def test_a_cancelled_order_shows_as_cancelled_and_the_bus_carries_it(
    driver: Driver, stage: Stage, customer: User, messages: EndToEndQueue
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    cancelled = then.it_shows_an_order(
        when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel")
    )

    assert cancelled.state == "cancelled"
    assert (cancelled.history[0].state, cancelled.history[-1].state) == ("placed", "cancelled")
    page = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))
    assert [(str(order.orderId), order.history[0].at) for order in page.orders] == [
        (order_id, cancelled.placedAt)
    ]
    then.the_bus_carries(messages, stage, "order_cancelled", order_id)


@pytest.mark.about("notifications")
def test_the_restaurant_is_told_of_a_cancellation(
    driver: Driver, stage: Stage, customer: User, messages: EndToEndQueue
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel")

    if not restaurants_are_told_elsewhere(stage):
        notice = then.the_topic_carries(messages, order_id, "order_cancelled")
        assert notice.model_dump()["restaurantName"] == A_RESTAURANT


def test_to_cancel_again_changes_nothing(driver: Driver, customer: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    first, again = (
        then.it_shows_an_order(when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel"))
        for _ in range(2)
    )

    assert first == again


def test_a_cancelled_order_cannot_be_accepted(driver: Driver, customer: User, restaurant_staff: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel")

    late = when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

    then.it_is_refused(late, 409)


def test_an_accepted_order_cannot_be_cancelled(
    driver: Driver, customer: User, restaurant_staff: User
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))
    when.a_user_answers_an_order(driver, restaurant_staff.id_token, order_id, "accept")

    late = when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel")

    then.it_is_refused(late, 409)


def test_nobody_cancels_the_order_of_another(driver: Driver, customer: User, another_customer: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    strange = when.a_user_answers_an_order(driver, another_customer.id_token, order_id, "cancel")

    then.it_is_refused(strange, 404)
    seen = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
    assert seen.state != "cancelled"
