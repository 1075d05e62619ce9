"""Keeping restaurants as favourites."""

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from steps.given import User
from steps.shop.catalogue import A_RESTAURANT, ANOTHER_RESTAURANT

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]


def test_a_favourite_stays_until_it_is_taken_away(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        for name in (A_RESTAURANT, ANOTHER_RESTAURANT):
            landing_page.heart(name).click()
            expect(landing_page.status).to_have_text(f"{name} is one of your favourites.")
        landing_page.screenshot("1-kept")
        landing_page.page.reload()
        expect(landing_page.favourites).to_contain_text([A_RESTAURANT, ANOTHER_RESTAURANT])
        expect(landing_page.heart(A_RESTAURANT)).to_have_attribute("aria-pressed", "true")

        landing_page.favourites.first.get_by_role("button", name="Favourite").click()

        expect(landing_page.favourites).to_contain_text([ANOTHER_RESTAURANT])
        expect(landing_page.heart(A_RESTAURANT)).to_have_attribute("aria-pressed", "false")
        expect(landing_page.page.get_by_role("region", name="My favourites")).to_be_focused()


def test_a_favourite_can_be_ordered_from(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.heart(A_RESTAURANT).click()

        landing_page.favourites.first.get_by_role("button", name="Order").click()

        expect(landing_page.orders).to_contain_text([A_RESTAURANT])


def test_who_keeps_a_favourite_before_signing_in_is_asked_to_and_then_has_it(
    open_page: OpenPage, customer: User
) -> None:
    with open_page() as landing_page:
        landing_page.heart(A_RESTAURANT).click()
        landing_page.fill_in_sign_in(customer.person)

        expect(landing_page.favourites).to_contain_text([A_RESTAURANT])


def test_the_next_customer_of_a_browser_does_not_see_the_favourites(
    open_page: OpenPage, customer: User, another_customer: User
) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.heart(A_RESTAURANT).click()
        expect(landing_page.favourites).to_have_count(1)
        landing_page.button("Sign out").click()
        expect(landing_page.heart(A_RESTAURANT)).to_have_attribute("aria-pressed", "false")
        expect(landing_page.favourites).to_have_count(0)

        landing_page.sign_in_as(another_customer)

        expect(landing_page.page.get_by_text("Press the heart of a restaurant")).to_be_visible()
