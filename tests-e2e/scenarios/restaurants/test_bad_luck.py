"""Bad luck while restaurants answer: staff that leaves, two tablets, a restaurant that closes."""

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.event_seams import restaurants_are_told_elsewhere
from steps.shop.patience import orders_wait_for
from support.end_to_end_queue import EndToEndQueue
from support.polling import until
from support.stage import Stage

pytestmark = pytest.mark.about("orders")

# Long enough to close a restaurant.
PATIENCE_SECONDS = 10
IN_FORCE_SECONDS = 30
EXPIRY_SECONDS = 60


def _order(driver: Driver, customer: User, restaurant: str) -> str:
    return then.an_order_is_placed(when.a_customer_orders_from(driver, customer, restaurant))


def _state(driver: Driver, customer: User, order_id: str) -> str:
    return then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id)).state


def _make_staff(driver: Driver, admin: User, restaurant: str, *users: User) -> None:
    for user in users:
        made = when.a_user_makes_staff(driver, admin.id_token, restaurant, user.person.email)
        assert made.status == 204, made


def test_staff_that_is_removed_while_it_answers_cannot_answer_any_more_and_others_can(
    *,
    driver: Driver,
    stage: Stage,
    customer: User,
    another_customer: User,
    restaurant_admin: User,
    new_restaurant: str,
) -> None:
    leaving, staying = customer, another_customer
    _make_staff(driver, restaurant_admin, new_restaurant, leaving, staying)
    answered, waiting = (_order(driver, restaurant_admin, new_restaurant) for _ in range(2))
    accepted = when.a_user_answers_an_order(driver, leaving.id_token, answered, "accept")
    assert then.it_shows_an_order(accepted).state == "accepted"

    email = leaving.person.email
    assert when.a_user_removes_staff(driver, restaurant_admin.id_token, new_restaurant, email).status == 204

    until(
        # The answer that it has already: while the membership is remembered, that changes nothing.
        lambda: when.a_user_answers_an_order(driver, leaving.id_token, answered, "accept").status,
        lambda status: status == 403,
        within_seconds=IN_FORCE_SECONDS + float(_remembered_for(stage)),
        what="staff that was removed is refused",
    )
    then.it_is_refused(when.a_user_answers_an_order(driver, leaving.id_token, waiting, "accept"), 403)
    assert _state(driver, restaurant_admin, waiting) in {"placed", "notified"}
    taken_over = when.a_user_answers_an_order(driver, staying.id_token, waiting, "accept")
    assert then.it_shows_an_order(taken_over).state == "accepted"


def _remembered_for(stage: Stage) -> str:
    return stage.environment("orders", "accept-order")["STAFF_MAX_AGE_SECONDS"]


@pytest.mark.http_only
def test_an_order_that_two_tablets_accept_at_once_is_accepted_once(
    *, driver: Driver, customer: User, another_customer: User, restaurant_admin: User, new_restaurant: str
) -> None:
    tablets = [customer, another_customer]
    _make_staff(driver, restaurant_admin, new_restaurant, *tablets)
    order_id = _order(driver, restaurant_admin, new_restaurant)

    answers = when.at_once(
        *(
            lambda user=user: when.a_user_answers_an_order(driver, user.id_token, order_id, "accept")
            for user in tablets
        )
    )

    first, second = (then.it_shows_an_order(answer) for answer in answers)
    assert first == second
    assert [change.state for change in first.history].count("accepted") == 1


@pytest.mark.http_only
def test_of_two_tablets_that_answer_differently_at_once_one_wins_and_the_other_is_told(
    *, driver: Driver, customer: User, another_customer: User, restaurant_admin: User, new_restaurant: str
) -> None:
    _make_staff(driver, restaurant_admin, new_restaurant, customer, another_customer)
    order_id = _order(driver, restaurant_admin, new_restaurant)

    answers = when.at_once(
        lambda: when.a_user_answers_an_order(driver, customer.id_token, order_id, "accept"),
        lambda: when.a_user_answers_an_order(driver, another_customer.id_token, order_id, "reject"),
    )

    won, lost = sorted(answers, key=lambda answer: answer.status)
    state = then.it_shows_an_order(won).state
    assert state in {"accepted", "rejected"}
    assert then.it_is_refused(lost, 409).detail == f"This order is {state} already."
    assert _state(driver, restaurant_admin, order_id) == state


@pytest.mark.http_only
def test_orders_of_a_restaurant_that_is_deleted_stay_with_their_customer_and_expire(
    *,
    driver: Driver,
    stage: Stage,
    customer: User,
    restaurant_admin: User,
    new_restaurant: str,
    messages: EndToEndQueue,
) -> None:
    cancelled = _order(driver, customer, new_restaurant)

    def order_with_little_patience() -> str | None:
        """Place orders until the changed patience is in force."""
        order_id = _order(driver, customer, new_restaurant)
        order = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
        assert order.answerBy is not None
        return order_id if (order.answerBy - order.placedAt).total_seconds() == PATIENCE_SECONDS else None

    with orders_wait_for(PATIENCE_SECONDS, stage):
        order_id = until(
            order_with_little_patience,
            lambda found: found is not None,
            within_seconds=IN_FORCE_SECONDS,
            what="an order that expires soon",
            # A customer may place 25 orders in 10 seconds.
            every_seconds=1,
        )
        gone = when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, new_restaurant)

    assert gone.status == 204
    assert order_id is not None
    withdrawn = when.a_user_answers_an_order(driver, customer.id_token, cancelled, "cancel")
    assert then.it_shows_an_order(withdrawn).state == "cancelled"
    until(
        lambda: _state(driver, customer, order_id),
        lambda state: state == "expired",
        within_seconds=EXPIRY_SECONDS,
        what="the order of a restaurant that is gone expires",
    )
    then.the_bus_carries(messages, stage, "order_expired", order_id)
    if not restaurants_are_told_elsewhere(stage):
        then.the_customer_is_notified(messages, order_id, "order_expired")
