"""Following an order on the page: what its restaurant does, and what its customer can still do."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.landing_page import LandingPage
from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.patience import orders_wait_for
from support.polling import until
from support.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

HAS_IT = "The restaurant has your order"
EXPIRED = "The restaurant did not answer in time"
PATIENCE_SECONDS = 1
SECONDS_BETWEEN_ORDERS = 3
# For a parameter's time to live, cold starts, and the way through stream, bus and queue.
EXPIRY_SECONDS = 60
LISTS_OF_ORDERS = "**/orders"


@pytest.fixture
def staff(driver: Driver, restaurant_admin: User) -> Iterator[User]:
    """Staff of the restaurant."""
    email = restaurant_admin.person.email
    when.a_user_makes_staff(driver, restaurant_admin.id_token, A_RESTAURANT, email)
    yield restaurant_admin
    when.a_user_removes_staff(driver, restaurant_admin.id_token, A_RESTAURANT, email)


@pytest.mark.parametrize(
    ("answer", "state", "step"),
    [
        ("accept", "Accepted: they are cooking", "The restaurant accepted"),
        ("reject", "Declined by the restaurant", "The restaurant declined"),
    ],
)
def test_a_restaurants_answer_shows_with_what_happened_before(
    *, open_page: OpenPage, driver: Driver, customer: User, staff: User, answer: str, state: str, step: str
) -> None:
    with open_page() as landing_page:
        order_id = _ordered(landing_page, customer)
        expect(landing_page.orders).to_contain_text([HAS_IT])
        expect(landing_page.orders).to_contain_text(["left for an answer"])
        landing_page.screenshot("1-waiting")

        then.it_shows_an_order(when.a_user_answers_an_order(driver, staff.id_token, order_id, answer))

        expect(landing_page.orders).to_contain_text([state])
        landing_page.orders.get_by_text("What happened").click()
        expect(landing_page.orders.get_by_role("listitem")).to_contain_text(
            ["You ordered", "The restaurant got your order", step]
        )
        expect(landing_page.button(f"Cancel order from {A_RESTAURANT}")).not_to_be_visible()
        landing_page.screenshot("2-answered")


def test_an_order_is_cancelled_and_ordered_again(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        _ordered(landing_page, customer)
        landing_page.button(f"Cancel order from {A_RESTAURANT}").click()

        expect(landing_page.status).to_have_text(f"Your order from {A_RESTAURANT} is cancelled.")
        expect(landing_page.orders).to_contain_text(["Cancelled by you"])
        again = landing_page.button(f"Order again from {A_RESTAURANT}")
        expect(again).to_be_focused()
        landing_page.screenshot("cancelled")
        landing_page.page.keyboard.press("Enter")
        expect(landing_page.orders).to_have_count(2)
        expect(landing_page.orders.first).to_contain_text(HAS_IT)


def test_an_order_that_was_accepted_first_is_not_cancelled_and_shows_so(
    open_page: OpenPage, driver: Driver, customer: User, staff: User
) -> None:
    with open_page(expected_error="Failed to load resource") as landing_page:
        order_id = _ordered(landing_page, customer)
        expect(landing_page.orders).to_contain_text([HAS_IT])
        # The page does not learn of the answer.
        is_cut_off = True
        landing_page.page.route(
            LISTS_OF_ORDERS, lambda route: route.abort() if is_cut_off else route.fallback()
        )
        then.it_shows_an_order(when.a_user_answers_an_order(driver, staff.id_token, order_id, "accept"))
        cancel = landing_page.button(f"Cancel order from {A_RESTAURANT}")

        with landing_page.page.expect_response("**/cancel") as refused:
            cancel.click()
        # The route stays: a request that it holds while it is removed would get no answer.
        is_cut_off = False

        assert refused.value.status == 409
        expect(landing_page.status).to_have_text("This order is accepted already.")
        expect(landing_page.orders).to_contain_text(["Accepted: they are cooking"])
        expect(cancel).not_to_be_visible()
        landing_page.screenshot("refused")


def test_an_order_that_is_not_answered_in_time_shows_so_while_the_page_is_open(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    with open_page() as landing_page, orders_wait_for(PATIENCE_SECONDS, stage):
        landing_page.sign_in_as(customer)
        expired = landing_page.orders.filter(has_text=EXPIRED)
        next_order_at = time.monotonic()

        def is_expired() -> bool:
            """Place one more order now and then, since those before may have the old patience."""
            nonlocal next_order_at
            if time.monotonic() >= next_order_at:
                landing_page.order_from(A_RESTAURANT)
                next_order_at = time.monotonic() + SECONDS_BETWEEN_ORDERS
            return expired.count() > 0

        until(is_expired, bool, within_seconds=EXPIRY_SECONDS, what="an expired order")

        expect(expired.first.get_by_role("button", name=f"Order again from {A_RESTAURANT}")).to_be_visible()
        expect(expired.first.get_by_role("button", name=f"Cancel order from {A_RESTAURANT}")).to_have_count(0)
        landing_page.screenshot("expired")


def _ordered(landing_page: LandingPage, customer: User) -> str:
    """Order on the page; return the order's id."""
    landing_page.sign_in_as(customer)
    with landing_page.page.expect_response(lambda answer: answer.request.method == "POST") as placed:
        landing_page.order_from(A_RESTAURANT)
    return str(placed.value.json()["orderId"])
