"""Searching restaurants, without signing in."""

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from steps.shop.catalogue import SEEDED_RESTAURANTS

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]


def test_a_part_of_a_name_and_a_theme_are_searched_together_and_stand_in_the_url(open_page: OpenPage) -> None:
    with open_page() as landing_page:
        landing_page.search(text="BITS", theme="cartoon")

        expect(landing_page.page).to_have_url(re.compile(r"/\?text=BITS&theme=cartoon#restaurants$"))
        expect(landing_page.restaurants).to_have_accessible_name("Order from Lil' Bits")
        expect(landing_page.field("Name")).to_have_value("BITS")
        landing_page.screenshot("found")
        landing_page.page.go_back()
        expect(landing_page.restaurants).to_have_count(len(SEEDED_RESTAURANTS))


def test_a_theme_of_a_restaurant_leads_to_all_that_have_it(open_page: OpenPage) -> None:
    having_it = [name for name, themes in SEEDED_RESTAURANTS.items() if "netflix" in themes]
    with open_page() as landing_page:
        landing_page.page.get_by_role("link", name="netflix").first.click()

        expect(landing_page.restaurants).to_have_count(len(having_it))
        expect(landing_page.field("Theme")).to_have_value("netflix")


@pytest.mark.parametrize("text", ["<b>nobody's</b>", "%", "🍕🍕", "שלום", "x" * 100])
def test_what_no_restaurant_has_is_told(open_page: OpenPage, text: str) -> None:
    with open_page() as landing_page:
        landing_page.search(text=text)

        expect(landing_page.page.get_by_text(f"None with “{text}” in the name.")).to_be_visible()
        expect(landing_page.restaurants).to_have_count(0)


def test_what_cannot_be_searched_for_is_told(open_page: OpenPage) -> None:
    with open_page() as landing_page:
        landing_page.page.goto(f"{landing_page.url}?text={'x' * 200}")

        expect(landing_page.page.get_by_text("That cannot be searched for.")).to_be_visible()
