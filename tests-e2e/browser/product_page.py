"""What people do on every page: by the names of its buttons, fields and regions."""

from dataclasses import dataclass

from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from drivers.over_http import on_this_machine
from steps.given import Person, User
from support.stage import REPOSITORY

SCREENSHOTS = REPOSITORY / "test-results"
# From a first start of functions to an order that was told to its restaurant.
PATIENCE_MILLISECONDS = 20_000
MOST_TABS = 60
# Of WCAG 2.2 AA; axe leaves it out unless it is asked for.
ALSO_CHECKED = {"target-size": {"enabled": True}}
AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"

expect.set_options(timeout=PATIENCE_MILLISECONDS)


def fetched(route: Route) -> APIResponse:
    """Send a page's request from here, where not every name below `localhost` is known."""
    url, headers = on_this_machine(route.request.url, route.request.all_headers())
    return route.fetch(url=url, headers=headers)


@dataclass(frozen=True)
class ProductPage:
    """The page, open in a browser.

    Attributes:
        page: Playwright's page.
        url: Where it is.
        story: A short name of what the test tells, for its screenshots.
    """

    page: Page
    url: str
    story: str

    def open(self, *, runs_scripts: bool = True) -> None:
        """Load the page, and wait until its script runs."""
        self.page.goto(self.url)
        if runs_scripts:
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
    def alert(self) -> Locator:
        """What went wrong, where it is about no field."""
        return self.front.get_by_role("alert")

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

    def assert_fits(self, moment: str) -> None:
        """Nobody has to scroll sideways."""
        self.screenshot(moment)
        content, shown = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        viewport = self.page.viewport_size
        assert viewport is not None
        assert content <= shown == viewport["width"], moment

    def assert_accessible(self, moment: str) -> None:
        """A checker finds nothing; it can only be put into a page that was opened with `bypass_csp`."""
        self.screenshot(moment)
        if not self.page.evaluate("'axe' in window"):
            self.page.add_script_tag(path=AXE)
        violations = self.page.evaluate(
            "rules => axe.run({rules}).then(results => results.violations)", ALSO_CHECKED
        )
        found = [(one["id"], one["help"], [node["html"] for node in one["nodes"]]) for one in violations]
        assert not found, f"{moment}: {found}"

    def screenshot(self, moment: str) -> None:
        """Keep what is on screen under `test-results/`."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.story}-{moment}.png", full_page=True)

    @property
    def front(self) -> Locator:
        """What can be used now: the open dialog, or else the page."""
        return self.page.locator("dialog[open], body:not(:has(dialog[open]))")
