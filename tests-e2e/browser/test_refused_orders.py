"""An order that is refused or gets no answer: the page says why, and what to do."""

import json
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Request, Route, expect

from browser.conftest import OpenPage
from browser.product_page import fetched
from steps.given import User
from steps.shop.catalogue import A_RESTAURANT

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

REFUSED = "Failed to load resource"
ORDERS = "**/orders"
HEADERS = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after"}


@dataclass(frozen=True)
class Refusal:
    """What the service answers in place of an order."""

    status: int
    problem: dict[str, object] | None = None
    retry_after: str | None = None


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            Refusal(404, {"title": "Not Found", "detail": "There is no such restaurant."}),
            "There is no such restaurant.",
        ),
        (
            Refusal(409, {"title": "Conflict"}),
            "Something else came first. Look at your orders, then try again.",
        ),
        (Refusal(413), "That is too much for one request."),
        (
            Refusal(429, {"detail": "You have placed many orders."}, "60"),
            "You have placed many orders. Come back in 1 minute.",
        ),
        (Refusal(429, retry_after="7"), "You are too fast for us. Come back in 7 seconds."),
        (
            Refusal(503, {"title": "Service Unavailable"}, "90"),
            "We cannot answer just now. Come back in 2 minutes.",
        ),
        (Refusal(418, {"title": "I'm a teapot"}), "I'm a teapot"),
        (
            Refusal(400, {"errors": [{"message": "At most 100 characters"}, {"message": "No line breaks"}]}),
            "At most 100 characters. No line breaks",
        ),
    ],
)
def test_a_refused_order_says_why_and_when_to_come_back(
    open_page: OpenPage, customer: User, answer: Refusal, text: str
) -> None:
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in_as(customer)
        _orders_are_refused(landing_page.page, answer)

        landing_page.order_from(A_RESTAURANT)

        expect(landing_page.status).to_have_text(text)
        expect(landing_page.status).to_be_in_viewport()
        expect(landing_page.orders).to_have_count(0)


def test_an_order_without_a_connection_blames_the_connection(open_page: OpenPage, customer: User) -> None:
    with open_page(expected_error="net::ERR_INTERNET_DISCONNECTED") as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.page.context.set_offline(True)

        landing_page.order_from(A_RESTAURANT)

        expect(landing_page.status).to_have_text(
            "There is no connection. Check your network, then try again."
        )


def test_an_order_that_may_have_been_placed_is_tried_again_under_its_key(
    open_page: OpenPage, customer: User
) -> None:
    keys: list[str] = []

    def losing_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            keys.append(route.request.headers["idempotency-key"])
            fetched(route)
            route.fulfill(status=502, headers=HEADERS)
        else:
            route.fallback()

    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.page.route(ORDERS, losing_the_answer)
        landing_page.order_from(A_RESTAURANT)
        expect(landing_page.status).to_have_class("status bad")
        landing_page.page.unroute(ORDERS)
        with landing_page.page.expect_request(_places_an_order) as sent:
            landing_page.order_from(A_RESTAURANT)
        expect(landing_page.status).to_have_class("status")
        landing_page.page.reload()

        assert {sent.value.headers["idempotency-key"], *keys} == {keys[0]}
        expect(landing_page.orders).to_have_count(1)


def test_another_order_after_a_refusal_has_a_key_of_its_own(open_page: OpenPage, customer: User) -> None:
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in_as(customer)
        _orders_are_refused(landing_page.page, Refusal(409))
        with landing_page.page.expect_request(_places_an_order) as refused:
            landing_page.order_from(A_RESTAURANT)
        expect(landing_page.status).to_have_class("status bad")
        with landing_page.page.expect_request(_places_an_order) as again:
            landing_page.order_from(A_RESTAURANT)

        assert refused.value.headers["idempotency-key"] != again.value.headers["idempotency-key"]


def _places_an_order(request: Request) -> bool:
    return request.method == "POST" and "idempotency-key" in request.headers


def _orders_are_refused(page: Page, refusal: Refusal) -> None:
    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        route.fulfill(
            status=refusal.status,
            headers=HEADERS | ({"retry-after": refusal.retry_after} if refusal.retry_after else {}),
            content_type="application/problem+json",
            body=json.dumps(refusal.problem) if refusal.problem else "",
        )

    page.route(ORDERS, answer)
