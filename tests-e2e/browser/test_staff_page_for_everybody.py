"""The page for a restaurant's staff works with a keyboard, on a phone and for a screen reader."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

from browser.conftest import OpenRestaurantPage, PlaceOrder
from browser.product_page import fetched
from drivers.exchange import Driver
from steps.given import User
from steps.shop.catalogue import A_RESTAURANT
from steps.shop.staff import staff_of

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

WAITING = re.compile(r"/orders\?state=waiting")
LITTLE_TIME = timedelta(seconds=49)
MOST_TRANSFERRED_BYTES = 120_000


def _with_little_time_left(route: Route) -> None:
    response = fetched(route)
    page = response.json()
    for order in page["orders"]:
        order["answerBy"] = (datetime.now(UTC) + LITTLE_TIME).isoformat()
    route.fulfill(response=response, json=page)


@pytest.mark.parametrize(("width", "color_scheme"), [(320, "dark"), (1440, "light")])
def test_each_state_is_accessible_and_fits_in_the_light_and_in_the_dark(
    *,
    open_restaurant_page: OpenRestaurantPage,
    driver: Driver,
    restaurant_admin: User,
    order: PlaceOrder,
    restaurant: str,
    customer: User,
    cook: User,
    width: int,
    color_scheme: str,
) -> None:
    with open_restaurant_page(
        expected_error="net::ERR_INTERNET_DISCONNECTED",
        bypass_csp=True,
        viewport={"width": width, "height": 900},
        has_touch=True,
        color_scheme=color_scheme,
        reduced_motion="reduce",
    ) as page:

        def assert_usable(moment: str) -> None:
            page.assert_fits(moment)
            page.assert_accessible(moment)

        assert_usable("1-welcome")
        page.sign_in_at("No restaurant to show", customer)
        assert_usable("2-on-no-staff")
        page.button("Sign out").click()
        with staff_of(driver, restaurant_admin, A_RESTAURANT, cook):
            page.sign_in_at("Choose your restaurant", cook)
            assert_usable("3-on-several-staffs")
            page.button(restaurant).click()
        expect(page.front.get_by_text("No order is waiting.")).to_be_visible()
        assert_usable("4-nothing-waits")
        first, *rest = [order() for _ in range(4)]
        expect(page.waiting).to_have_count(4)
        assert_usable("5-orders-wait")
        page.answer(first, "Accept").click()
        expect(page.ending(first)).to_be_visible()
        page.answer(rest[0], "Decline").click()
        expect(page.ending(rest[0])).to_be_visible()
        assert_usable("6-answered")
        page.page.route(WAITING, _with_little_time_left)
        # Tickets that are there already keep their time.
        page.page.reload()
        expect(page.ticket(rest[1])).to_contain_text(re.compile(r"0:[1-4]\d"))
        assert_usable("7-hurry")
        # Its answers would come from outside of the browser, which is never offline.
        page.page.unroute(WAITING)
        page.page.context.set_offline(True)
        expect(page.alert).to_be_visible()
        assert_usable("8-no-connection")
        page.page.context.set_offline(False)


def test_an_order_is_answered_with_no_more_than_a_keyboard(
    open_restaurant_page: OpenRestaurantPage, order: PlaceOrder, restaurant: str, cook: User
) -> None:
    with open_restaurant_page() as page:
        keyboard = page.page.keyboard
        page.tab_to(page.button("Sign in"))
        keyboard.press("Enter")
        page.tab_to(page.field("E-mail"))
        keyboard.type(cook.person.email)
        page.tab_to(page.field("Password"))
        keyboard.type(cook.person.password)
        keyboard.press("Enter")
        expect(page.heading).to_have_text(restaurant)
        first, second = order(), order()
        expect(page.ticket(second)).to_be_visible()

        page.tab_to(page.answer(first, "Accept"))
        keyboard.press("Enter")

        expect(page.ending(first)).to_contain_text("Accepted")
        expect(page.ticket(first)).to_be_focused()
        expect(page.ticket(first)).to_have_count(0)
        expect(page.ticket(second)).to_be_focused()
        page.tab_to(page.answer(second, "Decline"))
        page.screenshot("focused")
        keyboard.press("Enter")
        expect(page.ending(second)).to_contain_text("Declined")


def test_a_first_view_transfers_little(open_restaurant_page: OpenRestaurantPage) -> None:
    with open_restaurant_page() as page:
        session = page.page.context.new_cdp_session(page.page)
        sizes: list[float] = []
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda loaded: sizes.append(loaded["encodedDataLength"]))
        page.page.goto(page.url, wait_until="networkidle")

        assert len(sizes) > 1
        assert sum(sizes) <= MOST_TRANSFERRED_BYTES
