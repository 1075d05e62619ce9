"""The browser, and a page that is watched for errors."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from browser.chromium import launched
from browser.landing_page import LandingPage
from browser.product_page import SCREENSHOTS
from support.stage import Stage

OpenPage = Callable[..., AbstractContextManager[LandingPage]]

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

    Its keyword arguments are those of a Playwright context, and `expected_error`: a text by which to know the
    one kind of error that the test brings about.
    """
    story = request.node.name.removeprefix("test_").translate(str.maketrans("[]", "--")).strip("-")

    @contextmanager
    def open_page(*, expected_error: str | None = None, **about: Any) -> Iterator[LandingPage]:
        context = browser.new_context(**{"viewport": DESKTOP, **about})
        page = context.new_page()
        watch = Watch(page, expected_error)
        landing_page = LandingPage(page, f"{stage.service_url('restaurants')}/", story)
        try:
            landing_page.open(runs_scripts=about.get("java_script_enabled", True))
            yield landing_page
        except BaseException:
            landing_page.screenshot("failed")
            raise
        finally:
            context.close()
        assert watch.errors == []

    return open_page
