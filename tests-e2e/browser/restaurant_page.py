"""The page for a restaurant's staff as they use it."""

import re

from playwright.sync_api import Locator, expect

from browser.product_page import ProductPage
from steps.given import User


class RestaurantPage(ProductPage):
    """The page for a restaurant's staff, open in a browser."""

    @property
    def heading(self) -> Locator:
        """The restaurant whose orders are shown, or what the page asks for."""
        return self.page.get_by_role("heading", level=1)

    @property
    def sound(self) -> Locator:
        """The switch for the sound of a new order."""
        return self.front.get_by_role("switch", name="Sound", exact=True)

    @property
    def waiting(self) -> Locator:
        """The orders that wait for an answer."""
        return self.page.get_by_role("region", name=re.compile("^To answer")).get_by_role("listitem")

    @property
    def ended(self) -> Locator:
        """The orders that have their end."""
        return self.page.get_by_role("region", name="Recently answered").get_by_role("listitem")

    def ticket(self, order_id: str) -> Locator:
        """Return one of the orders that wait."""
        return self.waiting.filter(has_text=name_of(order_id))

    def ending(self, order_id: str) -> Locator:
        """Return one of the orders that have their end."""
        return self.ended.filter(has_text=name_of(order_id))

    def sign_in_at(self, restaurant: str, user: User) -> None:
        """Sign in, and wait for the restaurant's orders."""
        self.sign_in_as(user)
        expect(self.heading).to_have_text(restaurant)

    def answer(self, order_id: str, answer: str) -> Locator:
        """Return the button that gives an order this answer."""
        return self.button(f"{answer} {name_of(order_id)}")


def name_of(order_id: str) -> str:
    """Return what the page calls an order."""
    return f"Order {order_id[:6].upper()}"
