"""The landing page as people use it: by the names of its buttons, fields and regions."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from steps.given import Person, User
from support.stage import REPOSITORY

SCREENSHOTS = REPOSITORY / "test-results"
# From a first start of functions to an order that was told to its restaurant.
PATIENCE_MILLISECONDS = 20_000
MOST_TABS = 60

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass(frozen=True)
class LandingPage:
    """The page, open in a browser.

    Attributes:
        page: Playwright's page.
        url: Where it is.
        story: A short name of what the test tells, for its screenshots.
    """

    page: Page
    url: str
    story: str

    def open(self) -> None:
        """Load the page."""
        self.page.goto(self.url)
        expect(self.button("Sign in")).to_be_visible()

    def button(self, name: str) -> Locator:
        """Return the button of that name that can be pressed now: in the open dialog, if there is one."""
        return self.front.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """Return the field of that label, in the open dialog if there is one."""
        return self.front.get_by_label(label, exact=True)

    @property
    def status(self) -> Locator:
        """Where the page says what happened."""
        return self.page.locator("#status")

    @property
    def restaurants(self) -> Locator:
        """The buttons that order, one for each restaurant shown."""
        region = self.page.get_by_role("region", name="Restaurants")
        return region.get_by_role("button", name=re.compile("^Order from "))

    @property
    def orders(self) -> Locator:
        """The customer's orders."""
        return self.page.get_by_role("region", name="My orders").get_by_role("listitem")

    @property
    def alert(self) -> Locator:
        """What went wrong, where it is about no field."""
        return self.front.get_by_role("alert")

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

    def sign_in(self, person: Person, password: str | None = None) -> None:
        """Fill in the sign-in and send it."""
        self.button("Sign in").click()
        self.fill_in_sign_in(person, password)

    def sign_in_as(self, user: User) -> None:
        """Sign in, and wait until that has worked."""
        self.sign_in(user.person)
        expect(self.button("Sign out")).to_be_visible()

    def fill_in_sign_in(self, person: Person, password: str | None = None) -> None:
        """Answer the open question for e-mail and password."""
        self.field("E-mail").fill(person.email)
        self.field("Password").fill(person.password if password is None else password)
        self.button("Sign in").click()

    def search(self, theme: str) -> None:
        """Search a theme."""
        self.field("Theme").fill(theme)
        self.button("Search").click()

    def order_from(self, name: str) -> None:
        """Press a restaurant's button."""
        self.button(f"Order from {name}").click()

    def tab_to(self, target: Locator) -> None:
        """Go on with the keyboard until the target has the focus.

        Raises:
            AssertionError: the keyboard does not get there.
        """
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{MOST_TABS} times Tab do not lead to {target}")

    def screenshot(self, moment: str) -> None:
        """Keep what is on screen under `test-results/`."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.story}-{moment}.png", full_page=True)

    @property
    def front(self) -> Locator:
        """What can be used now: the open dialog, or else the page."""
        return self.page.locator("dialog[open], body:not(:has(dialog[open]))")
