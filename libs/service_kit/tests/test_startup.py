"""What a function does while it starts, each case in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import snapshot_hooks
from service_kit import startup
from service_kit.startup import at_start, end_start

PACKAGE = Path(__file__).parent.parent


def said(program: str, **variables: str) -> list[str]:
    """Run a program as a Lambda function, and return the words that it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=PACKAGE,
        env={
            "PATH": os.environ["PATH"],
            "AWS_DEFAULT_REGION": "eu-central-1",
            "STAGE": "test",
            "POWERTOOLS_SERVICE_NAME": "orders",
            "POWERTOOLS_METRICS_NAMESPACE": "Test",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "orders-test-place-order"}
# Python 3.12 starts with some objects that are frozen.
PAUSED = (
    "import gc; frozen = gc.get_freeze_count(); from service_kit import startup; startup.pause_collector()\n"
    "print(gc.isenabled())\n"
)


def test_the_collector_rests_until_the_start_has_ended() -> None:
    program = PAUSED + "startup.end_start(); print(gc.isenabled(), gc.get_freeze_count() > frozen)"
    assert said(program, **LAMBDA) == ["False", "True", "True"]


def test_the_first_invocation_ends_the_start() -> None:
    program = PAUSED + (
        "import contextlib, io\nfrom service_kit.invocation import invocation\n"
        "with contextlib.redirect_stdout(io.StringIO()), invocation(None): pass\n"
        "print(gc.isenabled())"
    )
    assert said(program, **LAMBDA) == ["False", "True"]


def test_the_collector_works_as_ever_outside_of_lambda() -> None:
    program = PAUSED + "startup.end_start(); print(gc.isenabled(), gc.get_freeze_count() > frozen)"
    assert said(program) == ["True", "True", "False"]


def test_the_collector_does_not_rest_again_once_the_start_has_ended() -> None:
    program = PAUSED + "startup.end_start(); startup.pause_collector(); print(gc.isenabled())"
    assert said(program, **LAMBDA) == ["False", "True"]


def test_what_a_handler_uses_is_made_while_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot_hooks.start(monkeypatch)
    made: list[str] = []
    at_start(lambda: made.append("first"), lambda: made.append("second"))
    assert made == ["first", "second"]
    assert len(startup.made) == 2


def test_nothing_is_made_outside_of_lambda() -> None:
    at_start(lambda: pytest.fail("was called"))


def test_nothing_is_made_once_the_start_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot_hooks.start(monkeypatch)
    end_start()
    at_start(lambda: pytest.fail("was called"))


def test_a_function_does_not_start_when_something_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot_hooks.start(monkeypatch)

    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        at_start(fail)
    assert startup.made == []
