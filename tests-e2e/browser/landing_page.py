"""The landing page as people use it: by the names of its buttons, fields and regions."""

import re

from playwright.sync_api import Locator, expect

from browser.product_page import ProductPage
from steps.given import Person


class LandingPage(ProductPage):
    """The landing page, open in a browser."""

    @property
    def restaurants(self) -> Locator:
        """The buttons that order, one for each restaurant shown."""
        region = self.page.get_by_role("region", name="Restaurants")
        return region.get_by_role("button", name=re.compile("^Order from "))

    @property
    def orders(self) -> Locator:
        """The customer's orders."""
        return self.page.get_by_role("region", name="My orders").locator("#orders > li")

    @property
    def favourites(self) -> Locator:
        """The customer's favourites."""
        return self.page.get_by_role("region", name="My favourites").locator("#favourites > li")

    def heart(self, name: str) -> Locator:
        """Return the button that makes a restaurant a favourite, or no longer one."""
        region = self.page.get_by_role("region", name="Restaurants")
        return region.get_by_role("button", name=f"Favourite: {name}", exact=True)

    def register(self, person: Person) -> None:
        """Register, up to the question for the code."""
        self.fill_in_registration(person)
        self.screenshot("registering")
        self.button("Register").click()
        expect(self.field("Confirmation code")).to_be_visible()

    def fill_in_registration(self, person: Person) -> None:
        """Open the registration and fill it in."""
        self.button("Register").click()
        self.field("Given name").fill(person.given_name)
        self.field("Family name").fill(person.family_name)
        self.field("E-mail").fill(person.email)
        self.field("Password").fill(person.password)
        self.front.get_by_role("checkbox").check()

    def open_profile(self) -> None:
        """Open the profile, and wait until it is filled in."""
        self.button("Profile").click()
        expect(self.page.get_by_role("dialog", name="Your profile")).to_be_visible()

    def search(self, *, text: str = "", theme: str = "") -> None:
        """Search a part of a name and a theme."""
        self.field("Name").fill(text)
        self.field("Theme").fill(theme)
        self.button("Search").click()

    def order_from(self, name: str) -> None:
        """Press a restaurant's button."""
        self.restaurants.and_(self.button(f"Order from {name}")).click()
