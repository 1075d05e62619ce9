"""The staff of a restaurant see orders come in, and answer them by one tap."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenRestaurantPage, PlaceOrder
from browser.restaurant_page import RestaurantPage, name_of
from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.staff import staff_of

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

REMOVED_MILLISECONDS = 60_000
# Longer than the page ignores taps after a ticket has gone.
IGNORED_MILLISECONDS = 1_000

REFUSED = "Failed to load resource"
TABLET = {"width": 1024, "height": 768}
FROM_ANY_ORIGIN = {"access-control-allow-origin": "*"}
LISTS_OF_WAITING = "**/restaurants/*/orders?state=waiting*"
COUNTS_SOUNDS = """
window.sounds = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.sounds += 1; return start.apply(this, when); };
"""


@pytest.mark.parametrize(
    ("answer", "state", "shown"),
    [("Accept", "accepted", "Accepted"), ("Decline", "rejected", "Declined")],
)
def test_the_staff_see_an_order_within_seconds_and_answer_it_by_one_tap(
    *,
    open_restaurant_page: OpenRestaurantPage,
    driver: Driver,
    customer: User,
    order: PlaceOrder,
    restaurant: str,
    cook: User,
    answer: str,
    state: str,
    shown: str,
) -> None:
    with open_restaurant_page(viewport=TABLET, has_touch=True) as page:
        page.sign_in_at(restaurant, cook)
        expect(page.front.get_by_text("No order is waiting.")).to_be_visible()
        order_id = order()

        expect(page.ticket(order_id)).to_be_visible()
        expect(page.ticket(order_id)).to_contain_text("left")
        page.screenshot("1-come-in")
        page.answer(order_id, answer).tap()

        expect(page.ticket(order_id)).to_contain_text(shown)
        expect(page.ending(order_id)).to_contain_text(shown)
        expect(page.status).to_have_text(f"{name_of(order_id)}: {shown.lower()}.")
        page.screenshot("2-answered")
        expect(page.ticket(order_id)).to_have_count(0)

    seen = then.it_shows_an_order(when.a_user_gets_an_order(driver, customer.id_token, order_id))
    assert seen.state == state


def test_a_new_order_rings_and_counts_in_the_title(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as page:
        page.page.add_init_script(COUNTS_SOUNDS)
        page.open()
        page.sign_in_at(restaurant, cook)
        expect(page.page).to_have_title(restaurant)

        order_id = order()

        expect(page.page).to_have_title(f"(1) {restaurant}")
        expect(page.status).to_have_text(f"{name_of(order_id)} has come in.")
        assert page.page.evaluate("window.sounds") > 0
        page.answer(order_id, "Decline").click()
        expect(page.page).to_have_title(restaurant)


def test_a_tablet_that_is_switched_to_silent_stays_silent(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as page:
        page.page.add_init_script(COUNTS_SOUNDS)
        page.open()
        page.sign_in_at(restaurant, cook)
        expect(page.sound).to_be_checked()
        page.sound.click()
        expect(page.sound).not_to_be_checked()
        page.page.reload()
        expect(page.sound).not_to_be_checked()

        expect(page.ticket(order())).to_be_visible()

        assert page.page.evaluate("window.sounds") == 0
        page.sound.click()
        assert page.page.evaluate("window.sounds") > 0


def test_a_page_that_was_not_touched_yet_says_that_it_is_silent(
    open_restaurant_page: OpenRestaurantPage, restaurant: str, cook: User
) -> None:
    hint = "Browsers allow no sound before the first tap: tap anywhere."
    with open_restaurant_page() as page:
        page.sign_in_at(restaurant, cook)
        page.page.reload()
        expect(page.front.get_by_text(hint)).to_be_visible()

        page.heading.click()

        expect(page.front.get_by_text(hint)).to_be_hidden()


def test_a_tablet_whose_clock_is_wrong_shows_the_time_that_is_left(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as page:
        page.page.clock.install(time=datetime.now(UTC) - timedelta(hours=3))
        page.open()
        page.sign_in_at(restaurant, cook)

        expect(page.ticket(order())).to_contain_text(re.compile(r"1[45]:\d\d left"))


def test_two_tablets_give_the_same_answer(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as one, open_restaurant_page() as other:
        for page in (one, other):
            page.sign_in_at(restaurant, cook)
        order_id = order()
        for page in (one, other):
            expect(page.ticket(order_id)).to_be_visible()
        _sees_nothing_new(other)
        one.answer(order_id, "Accept").click()
        expect(one.ending(order_id)).to_contain_text("Accepted")

        other.answer(order_id, "Accept").click()

        expect(other.ending(order_id)).to_contain_text("Accepted")
        expect(other.status).to_have_text(f"{name_of(order_id)}: accepted.")


def test_the_second_of_two_tablets_reads_which_answer_stands(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as one, open_restaurant_page(expected_error=REFUSED) as other:
        for page in (one, other):
            page.sign_in_at(restaurant, cook)
        order_id = order()
        for page in (one, other):
            expect(page.ticket(order_id)).to_be_visible()
        _sees_nothing_new(other)
        one.answer(order_id, "Accept").click()
        expect(one.ending(order_id)).to_contain_text("Accepted")

        other.answer(order_id, "Decline").click()

        expect(other.status).to_have_text(f"Too late. {name_of(order_id)} was accepted on another device.")
        expect(other.ticket(order_id)).to_contain_text("Accepted")
        other.screenshot("told")


def test_a_tablet_shows_what_was_answered_on_another(
    *,
    open_restaurant_page: OpenRestaurantPage,
    driver: Driver,
    order: PlaceOrder,
    restaurant: str,
    cook: User,
) -> None:
    with open_restaurant_page() as page:
        page.sign_in_at(restaurant, cook)
        order_id = order()
        expect(page.ticket(order_id)).to_be_visible()

        when.a_user_answers_an_order(driver, cook.id_token, order_id, "reject")

        expect(page.status).to_have_text(f"{name_of(order_id)} was declined on another device.")
        expect(page.ending(order_id)).to_contain_text("Declined")
        expect(page.ticket(order_id)).to_have_count(0)


def test_a_tablet_shows_that_the_customer_has_cancelled(
    *,
    open_restaurant_page: OpenRestaurantPage,
    driver: Driver,
    customer: User,
    order: PlaceOrder,
    restaurant: str,
    cook: User,
) -> None:
    with open_restaurant_page() as page:
        page.sign_in_at(restaurant, cook)
        order_id = order()
        expect(page.ticket(order_id)).to_be_visible()

        then.it_shows_an_order(when.a_user_answers_an_order(driver, customer.id_token, order_id, "cancel"))

        expect(page.status).to_have_text(f"The customer has cancelled {name_of(order_id)}.")
        expect(page.ticket(order_id)).to_contain_text("Cancelled by the customer")
        expect(page.ending(order_id)).to_contain_text("Cancelled by the customer")


def test_a_lost_connection_is_shown_and_survived(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page(expected_error="net::ERR_INTERNET_DISCONNECTED") as page:
        page.sign_in_at(restaurant, cook)
        order_id = order()
        expect(page.ticket(order_id)).to_be_visible()

        page.page.context.set_offline(True)
        expect(page.alert).to_contain_text("There is no connection.")
        page.screenshot("1-lost")
        page.answer(order_id, "Accept").click()
        expect(page.status).to_have_text("There is no connection. Check your network, then try again.")
        another_id = order()
        page.page.context.set_offline(False)

        expect(page.ticket(another_id)).to_be_visible()
        expect(page.alert).to_be_hidden()
        page.answer(order_id, "Accept").click()
        expect(page.ending(order_id)).to_contain_text("Accepted")


def test_the_page_comes_back_by_itself_after_an_outage(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page(expected_error=REFUSED) as page:
        page.sign_in_at(restaurant, cook)
        page.page.route(LISTS_OF_WAITING, lambda route: route.fulfill(status=503, headers=FROM_ANY_ORIGIN))
        expect(page.alert).to_contain_text("We cannot answer just now.")
        order_id = order()

        page.page.unroute(LISTS_OF_WAITING)

        expect(page.ticket(order_id)).to_be_visible()
        expect(page.alert).to_be_hidden()


def test_who_is_removed_from_the_staff_reads_so(
    *,
    open_restaurant_page: OpenRestaurantPage,
    driver: Driver,
    restaurant_admin: User,
    order: PlaceOrder,
    restaurant: str,
    cook: User,
) -> None:
    with open_restaurant_page(expected_error=REFUSED) as page:
        page.sign_in_at(restaurant, cook)
        order_id = order()
        expect(page.ticket(order_id)).to_be_visible()

        when.a_user_removes_staff(driver, restaurant_admin.id_token, restaurant, cook.person.email)

        # Functions remember staff for up to half a minute.
        told = page.front.get_by_text(f"You are no longer on the staff of {restaurant}.")
        expect(told).to_be_visible(timeout=REMOVED_MILLISECONDS)
        expect(page.ticket(order_id)).to_have_count(0)
        page.screenshot("told")


def test_who_is_on_no_staff_reads_whom_to_ask_and_goes_on_once_added(
    open_restaurant_page: OpenRestaurantPage, driver: Driver, restaurant_admin: User, customer: User
) -> None:
    with open_restaurant_page() as page:
        page.sign_in_at("No restaurant to show", customer)
        expect(page.front.get_by_text(customer.person.email)).to_be_visible()
        page.screenshot("told")

        with staff_of(driver, restaurant_admin, A_RESTAURANT, customer):
            page.button("Check again").click()

            expect(page.heading).to_have_text(A_RESTAURANT)


def test_who_is_on_several_staffs_chooses_and_the_tablet_remembers(
    *,
    open_restaurant_page: OpenRestaurantPage,
    driver: Driver,
    restaurant_admin: User,
    restaurant: str,
    cook: User,
) -> None:
    with (
        staff_of(driver, restaurant_admin, A_RESTAURANT, cook),
        open_restaurant_page() as page,
    ):
        page.sign_in_at("Choose your restaurant", cook)
        page.screenshot("asked")
        page.button(restaurant).click()
        expect(page.heading).to_have_text(restaurant)
        page.page.reload()
        expect(page.heading).to_have_text(restaurant)

        page.button("Other restaurant").click()
        page.button(A_RESTAURANT).click()

        expect(page.heading).to_have_text(A_RESTAURANT)


def test_who_signs_out_leaves_no_order_on_the_tablet(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as page:
        page.sign_in_at(restaurant, cook)
        order_id = order()
        expect(page.ticket(order_id)).to_be_visible()

        page.button("Sign out").click()

        expect(page.button("Sign in")).to_be_visible()
        expect(page.page.get_by_text(name_of(order_id))).to_have_count(0)


def test_a_tap_while_tickets_move_up_answers_nothing(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as page:
        page.sign_in_at(restaurant, cook)
        first, second = order(), order()
        expect(page.ticket(second)).to_be_visible()
        page.answer(second, "Accept").evaluate(TAPS_WHEN_A_TICKET_GOES)

        page.answer(first, "Accept").click()
        expect(page.ticket(first)).to_have_count(0)

        assert page.page.evaluate("window.taps") == 1
        page.page.wait_for_timeout(IGNORED_MILLISECONDS)
        page.answer(second, "Decline").click()
        expect(page.ending(second)).to_contain_text("Declined")


TAPS_WHEN_A_TICKET_GOES = """button => {
  window.taps = 0;
  const list = button.closest('ul');
  const before = list.children.length;
  new MutationObserver(() => {
    if (list.children.length === before || window.taps) return;
    window.taps += 1;
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
  }).observe(list, { childList: true });
}"""


def _sees_nothing_new(page: RestaurantPage) -> None:
    """Let a tablet's connection hang, so that it does not learn of the other's answer."""
    page.page.route(LISTS_OF_WAITING, lambda _: None)
