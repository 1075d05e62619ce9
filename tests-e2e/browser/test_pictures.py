"""The pictures of the documentation show today's pages.

Beside each picture stands what it showed: roles and texts of a part of the page, and a digest of the
stylesheets. A page that says or looks otherwise fails; RETAKE_PICTURES=1 takes the pictures again.
"""

import base64
import hashlib
import os
import re

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import OpenPage, OpenRestaurantPage
from browser.product_page import ProductPage
from browser.test_ordering import NOTIFIED
from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import catalogue, then, when
from steps.shop.staff import staff_of
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web"), pytest.mark.around_edge]

PICTURES = REPOSITORY / "docs" / "pictures"
CONTEXT = {
    "viewport": {"width": 1000, "height": 680},
    "locale": "en-GB",
    "timezone_id": "UTC",
    "reduced_motion": "reduce",
}
# What differs each time: addresses, the passing notice, times, the day, the names of orders, and numbers.
PASSING = (
    (r"^ *- (?:/url|status|time)\b.*\n", ""),
    (r"this \w+day", "today"),
    (r"Order [0-9A-F]{6}", "Order"),
    (r"\d+", "0"),
)
# None of the others orders from it, so the picture shows one order.
A_QUIET_RESTAURANT = "Leaky Cauldron"
FIRST_ORDER_MILLISECONDS = 60_000
MOST_BYTES = 60_000
RETAKE = "take the pictures again, and look at them: RETAKE_PICTURES=1 npm test -- -k pictures"


def what_is_said(shown: Locator) -> str:
    """Return what a part of a page says, and a digest of the stylesheets by which it looks so."""
    assets = REPOSITORY / "services" / "web" / "web" / "assets"
    styles = b"".join((assets / name).read_bytes() for name in ("style.css", "restaurant.css"))
    said = f"{shown.aria_snapshot()}\n"
    for pattern, instead in PASSING:
        said = re.sub(pattern, instead, said, flags=re.MULTILINE)
    return f"{said}# styles: {hashlib.sha256(styles).hexdigest()[:16]}\n"


def is_of_today(page: ProductPage, name: str, shown: Locator) -> None:
    """Compare a part of a page with what its picture shows, or take the picture."""
    text, picture = PICTURES / f"{name}.txt", PICTURES / f"{name}.webp"
    if os.environ.get("RETAKE_PICTURES"):
        expect(page.status).to_have_text("")
        # A product that starts from the template has these pictures, and a name of its own.
        page.page.evaluate("document.querySelector('.brand').style.visibility = 'hidden'")
        shown.evaluate("element => element.scrollIntoView({block: 'nearest', behavior: 'instant'})")
        page.page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
        session = page.page.context.new_cdp_session(page.page)
        taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
        PICTURES.mkdir(exist_ok=True)
        picture.write_bytes(base64.b64decode(taken["data"]))
        text.write_text(what_is_said(shown), encoding="utf-8")
    assert what_is_said(shown) == text.read_text(encoding="utf-8"), RETAKE
    assert 0 < picture.stat().st_size <= MOST_BYTES


def accept_documents(page: ProductPage) -> None:
    """Accept the legal documents, which a new user is asked for."""
    page.button("I accept").click()
    expect(page.button("I accept")).to_be_hidden()


def test_the_pictures_of_the_pages_are_of_today(
    *,
    open_page: OpenPage,
    open_restaurant_page: OpenRestaurantPage,
    stage: Stage,
    driver: Driver,
    customer: User,
    restaurant_admin: User,
) -> None:
    with open_page(**CONTEXT) as page:
        expect(page.restaurants).to_have_count(len(catalogue.SEEDED_RESTAURANTS))
        is_of_today(page, "landing-page", page.page.get_by_role("main"))
        placed = when.a_customer_orders_from(driver, customer, A_QUIET_RESTAURANT)
        order_id = then.an_order_is_placed(placed)
        page.sign_in_as(customer)
        accept_documents(page)
        expect(page.orders).to_contain_text([NOTIFIED], timeout=FIRST_ORDER_MILLISECONDS)
        orders = page.page.get_by_role("region", name="My orders")
        is_of_today(page, "order-placed", orders)
        with (
            given.a_signed_in_user(stage) as cook,
            staff_of(driver, restaurant_admin, A_QUIET_RESTAURANT, cook),
            open_restaurant_page(**CONTEXT) as kitchen,
        ):
            kitchen.sign_in_at(A_QUIET_RESTAURANT, cook)
            accept_documents(kitchen)
            is_of_today(kitchen, "order-to-answer", kitchen.ticket(order_id))
            kitchen.answer(order_id, "Accept").click()
            expect(kitchen.ticket(order_id)).to_have_count(0)
        expect(page.orders).to_contain_text(["Accepted"])
        is_of_today(page, "order-accepted", orders)
