"""What code registers for a snapshot, for tests that are not started for one."""

from typing import TYPE_CHECKING

from service_kit import snapshots
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
