"""The browser, pages that are watched for errors, and a restaurant with its staff."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from browser.chromium import launched
from browser.landing_page import LandingPage
from browser.product_page import SCREENSHOTS, ProductPage
from browser.restaurant_page import RestaurantPage
from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import catalogue, then, when
from steps.shop.catalogue import A_SEEDED_IMAGE
from steps.shop.staff import staff_of
from support.stage import Stage

T = TypeVar("T", bound=ProductPage)
OpenPage = Callable[..., AbstractContextManager[LandingPage]]
OpenRestaurantPage = Callable[..., AbstractContextManager[RestaurantPage]]
PlaceOrder = Callable[[], str]

DESKTOP = {"width": 1280, "height": 800}


class Watch:
    """Notes what goes wrong in a page.

    The console is also where the browser reports breaches of the content security policy.
    """

    def __init__(self, page: Page, expected: str | None) -> None:
        self._expected = expected
        self.errors: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        is_expected = self._expected is not None and self._expected in message.text
        if message.type == "error" and not is_expected:
            self.errors.append(message.text)

    def _note(self, error: Error) -> None:
        self.errors.append(str(error))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this machine; screenshots of earlier runs make room for those of this one."""
    for screenshot in SCREENSHOTS.glob("*.png"):
        screenshot.unlink()
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser, stage: Stage, request: pytest.FixtureRequest) -> OpenPage:
    """Opens the landing page in a fresh profile; at the end nothing may have gone wrong in it.

    Its keyword arguments are those of a Playwright context, `at`: the root URL of a service that also shows
    the page, and `expected_error`: a text by which to know the one kind of error that the test brings about.
    """
    return _opener(LandingPage, "/", browser, stage, request)


@pytest.fixture
def open_restaurant_page(
    browser: Browser, stage: Stage, request: pytest.FixtureRequest
) -> OpenRestaurantPage:
    """Opens the page for a restaurant's staff, likewise."""
    return _opener(RestaurantPage, "/restaurant", browser, stage, request)


def _opener(
    kind: type[T], path: str, browser: Browser, stage: Stage, request: pytest.FixtureRequest
) -> Callable[..., AbstractContextManager[T]]:
    story = request.node.name.removeprefix("test_").translate(str.maketrans("[]", "--")).strip("-")

    @contextmanager
    def open_page(*, expected_error: str | None = None, at: str | None = None, **about: Any) -> Iterator[T]:
        context = browser.new_context(**{"viewport": DESKTOP, **about})
        page = context.new_page()
        watch = Watch(page, expected_error)
        product_page = kind(page, f"{at or stage.door('web')}{path}", story)
        try:
            product_page.open(runs_scripts=about.get("java_script_enabled", True))
            yield product_page
        except BaseException:
            product_page.screenshot("failed")
            raise
        finally:
            context.close()
        assert watch.errors == []

    return open_page


@pytest.fixture
def restaurant(driver: Driver, restaurant_admin: User) -> Iterator[str]:
    """A new restaurant without orders."""
    name = catalogue.a_new_restaurant_name()
    body = {"image": A_SEEDED_IMAGE, "themes": [catalogue.a_new_theme()]}
    assert when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, body).status == 200
    yield name
    when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name)


@pytest.fixture
def cook(stage: Stage, driver: Driver, restaurant_admin: User, restaurant: str) -> Iterator[User]:
    """A user who is on the staff of the restaurant."""
    with (
        given.a_signed_in_user(stage) as user,
        staff_of(driver, restaurant_admin, restaurant, user),
    ):
        yield user


@pytest.fixture
def order(driver: Driver, customer: User, restaurant: str) -> PlaceOrder:
    """Places an order at the restaurant."""
    return lambda: then.an_order_is_placed(when.a_customer_orders_from(driver, customer, restaurant))
