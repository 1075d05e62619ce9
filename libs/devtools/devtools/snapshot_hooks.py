"""Let tests run code as at the start of a Lambda function, with its snapshot hooks."""

from typing import TYPE_CHECKING

from service_kit import snapshots, startup
from service_kit.snapshots import Hooks

if TYPE_CHECKING:
    import pytest


def recorded(monkeypatch: "pytest.MonkeyPatch") -> Hooks:
    """Let a test register hooks as a function does that is started for a snapshot, and return them."""
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    # A hook is there already, so that none of the test's is the first, which would call Lambda's runtime.
    hooks = Hooks(releases=[lambda: None])
    monkeypatch.setattr(snapshots, "registered", hooks)
    return hooks


def start(monkeypatch: "pytest.MonkeyPatch") -> None:
    """Let a test run as a Lambda function that is starting."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "orders-test-place-order")
    monkeypatch.setitem(startup._state, "ended", False)  # noqa: SLF001
    monkeypatch.setattr(startup, "made", [])
