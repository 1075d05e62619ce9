"""POST /orders and what follows from it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import catalogue, then, when
from steps.shop.catalogue import A_RESTAURANT, ANOTHER_RESTAURANT
from support.end_to_end_queue import EndToEndQueue
from support.stage import Stage

pytestmark = pytest.mark.about("orders")

POSTS = 50
# Each request under way takes two workers of the emulator, and each of these some 50 MB and a cold start.
SIMULTANEOUS = 10


def test_a_placed_order_is_published_on_the_bus(
    driver: Driver, stage: Stage, customer: User, messages: EndToEndQueue
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    detail = then.the_bus_carries(messages, stage, "order_placed", order_id)
    assert detail.model_dump()["restaurantName"] == A_RESTAURANT


@pytest.mark.about("notifications")
def test_the_restaurant_of_a_placed_order_is_notified_through_the_topic(
    driver: Driver, customer: User, messages: EndToEndQueue
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    notification = then.the_topic_carries(messages, order_id)
    assert notification.model_dump()["restaurantName"] == A_RESTAURANT


@pytest.mark.about("notifications")
def test_the_bus_hears_that_the_restaurant_was_notified(
    driver: Driver, stage: Stage, customer: User, messages: EndToEndQueue
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    detail = then.the_bus_carries(messages, stage, "restaurant_notified", order_id)
    assert detail.model_dump()["restaurantName"] == A_RESTAURANT


def test_a_placed_order_moves_on_to_notified(driver: Driver, customer: User) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT))

    order = then.the_order_becomes_notified(driver, customer, order_id)

    assert (str(order.orderId), order.restaurantName) == (order_id, A_RESTAURANT)


@pytest.mark.parametrize("name", ["No Such Restaurant", "fangtasia", "💥", "%", "#?", "..;", "'--"])
def test_an_order_from_an_unknown_restaurant_finds_none(
    driver: Driver, any_customer: User, name: str
) -> None:
    then.it_is_refused(when.a_customer_orders_from(driver, any_customer, name), 404)


@pytest.mark.parametrize("name", ["/", "a/b", "a//b", ".", "..", "%2F", "\x00", "a\nb", "\\"], ids=ascii)
def test_an_order_from_a_restaurant_with_an_impossible_name_is_refused(
    driver: Driver, any_customer: User, name: str
) -> None:
    then.it_is_refused(when.a_customer_orders_from(driver, any_customer, name), {400, 404})


def test_orders_without_a_key_are_orders_of_their_own(driver: Driver, customer: User) -> None:
    orders = {
        then.an_order_is_placed(when.a_customer_orders_from(driver, customer, A_RESTAURANT)) for _ in range(2)
    }

    assert len(orders) == 2


def test_the_same_key_answers_the_same_order(driver: Driver, customer: User) -> None:
    orders = {
        then.an_order_is_placed(
            when.a_customer_orders_from(driver, customer, A_RESTAURANT, idempotency_key="breakfast")
        )
        for _ in range(3)
    }

    assert len(orders) == 1
    page = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))
    assert {str(order.orderId) for order in page.orders} == orders


def test_another_key_is_another_order(driver: Driver, customer: User) -> None:
    orders = {
        then.an_order_is_placed(
            when.a_customer_orders_from(driver, customer, A_RESTAURANT, idempotency_key=key)
        )
        for key in ("breakfast", "lunch")
    }

    assert len(orders) == 2


def test_another_body_under_the_same_key_is_refused(driver: Driver, customer: User) -> None:
    when.a_customer_orders_from(driver, customer, A_RESTAURANT, idempotency_key="breakfast")

    answer = when.a_customer_orders_from(driver, customer, ANOTHER_RESTAURANT, idempotency_key="breakfast")

    then.it_is_refused(answer, 422)


def test_the_same_key_of_another_customer_is_another_order(
    driver: Driver, customer: User, another_customer: User
) -> None:
    orders = {
        then.an_order_is_placed(
            when.a_customer_orders_from(driver, who, A_RESTAURANT, idempotency_key="breakfast")
        )
        for who in (customer, another_customer)
    }

    assert len(orders) == 2


# In one process handlers run one after another.
@pytest.mark.http_only
def test_many_orders_at_once_with_one_key_are_one_order(driver: Driver, customer: User) -> None:
    with ThreadPoolExecutor(SIMULTANEOUS) as pool:
        answers = list(
            pool.map(
                lambda _: when.a_customer_orders_from(
                    driver, customer, A_RESTAURANT, idempotency_key="party"
                ),
                range(POSTS),
            )
        )

    assert len({then.an_order_is_placed(answer) for answer in answers}) == 1
    page = then.it_shows_orders(when.a_user_lists_orders(driver, customer.id_token))
    assert len(page.orders) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_of_a_wrong_length_is_refused(driver: Driver, any_customer: User, key: str) -> None:
    answer = when.a_customer_orders_from(driver, any_customer, A_RESTAURANT, idempotency_key=key)

    then.it_is_refused(answer, 400, "Idempotency-Key", "255")


def test_the_longest_key_is_accepted(driver: Driver, customer: User) -> None:
    then.an_order_is_placed(
        when.a_customer_orders_from(driver, customer, catalogue.A_RESTAURANT, idempotency_key="x" * 255)
    )
