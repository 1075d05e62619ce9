"""The pages of a stage, and when they are opened."""

import json
import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from stagectl.checkout.services import Stack
from stagectl.cli import app
from stagectl.commands.stages import open as opening
from stagectl.errors import StagectlError, UsageError
from stagectl.stacks import published
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stack_status import StackStatus
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle, pages
from stagectl.targets.target import Target

ARN = "arn:aws:cloudformation:eu-west-1:1:stack/orders-dev/abc"
CONSOLE = "https://eu-west-1.console.aws.amazon.com"
STACKS = {name: Stack(name, Path()) for name in ("orders", "auth")}
ON_AWS = Stage("dev", STACKS, Target("AWS", {}, is_emulator=False))
LOCAL = Stage("local", STACKS, Target("the local emulator", {}, is_emulator=True))


@pytest.fixture(autouse=True)
def deployed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stage with a landing page and the stack of orders; returns what sets its partition."""

    def in_partition(name: str) -> None:
        found = StackStatus(
            "orders-dev", "CREATE_COMPLETE", datetime.now(UTC), stack_id=ARN.replace("aws", name)
        )
        states = SimpleNamespace(find=lambda stack: found if stack == "orders-dev" else None)
        monkeypatch.setattr(StackStates, "of", lambda _target: states)

    in_partition("aws")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setattr(published, "service_urls", lambda *_: {"web": "https://page/dev/"})
    return in_partition


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("page", "https://page/dev"),
        ("staff", "https://page/dev/restaurant"),
        ("docs", "https://page/dev/docs"),
        (
            "dashboard",
            f"{CONSOLE}/cloudwatch/home?region=eu-west-1#dashboards:",
        ),
        (
            "orders",
            f"{CONSOLE}/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId={quote(ARN, safe='')}",
        ),
    ],
)
def test_every_page_has_a_url(page: str, url: str) -> None:
    assert pages.url_of(ON_AWS, page) == url


def test_in_china_the_console_has_another_host(deployed: Any) -> None:
    deployed("aws-cn")

    assert pages.url_of(ON_AWS, "orders").startswith("https://eu-west-1.console.amazonaws.cn/cloudformation")


def test_a_service_that_is_not_deployed_has_no_page() -> None:
    with pytest.raises(StagectlError, match="Deploy it: stagectl up --stage dev --service auth"):
        pages.url_of(ON_AWS, "auth")


def test_a_stage_without_a_landing_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "service_urls", lambda *_: {})

    with pytest.raises(StagectlError, match="has no page 'page'"):
        pages.url_of(ON_AWS, "page")


def test_the_pages_of_the_shop_are_not_those_of_another_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "service_urls", lambda *_: {"films": "https://films/dev"})

    with pytest.raises(StagectlError, match="has no page 'staff'"):
        pages.url_of(ON_AWS, "staff")


@pytest.mark.parametrize(
    ("stage", "page", "says"),
    [
        (LOCAL, "orders", "the local emulator has none"),
        (LOCAL, "dashboard", "the local emulator has none"),
        (ON_AWS, "order", "Did you mean orders?"),
    ],
)
def test_a_page_that_the_stage_cannot_have_is_refused(stage: Stage, page: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        pages.check(stage, page)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser is asked to open, by a command on a terminal with a display."""
    urls: list[str] = []
    monkeypatch.setattr(lifecycle, "find", lambda *_a, **_o: LOCAL)
    monkeypatch.setattr(lifecycle, "enter_deployed", lambda _stage: None)
    monkeypatch.setattr(opening, "_can_browse", lambda: True)

    def browse(url: str) -> bool:
        urls.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", browse)
    return urls


def test_a_page_is_opened_and_its_url_is_the_result(opened: list[str]) -> None:
    assert CliRunner().invoke(app, ["open", "staff"]).stdout == "https://page/dev/restaurant\n"
    assert opened == ["https://page/dev/restaurant"]


def test_a_url_that_is_only_wanted_in_print_opens_nothing(opened: list[str]) -> None:
    assert CliRunner().invoke(app, ["open", "--print"]).stdout == "https://page/dev\n"
    assert json.loads(CliRunner().invoke(app, ["open", "--json"]).stdout) == {"url": "https://page/dev"}
    assert opened == []


@pytest.mark.parametrize(
    ("platform", "display", "is_terminal", "expected"),
    [
        ("linux", ":0", True, True),
        ("linux", "", True, False),
        ("darwin", "", True, True),
        ("linux", ":0", False, False),
    ],
)
def test_a_browser_is_opened_for_a_person_with_a_display(
    platform: str, display: str, is_terminal: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: is_terminal))

    assert opening._can_browse() is expected
