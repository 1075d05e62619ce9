"""Progress where there is no terminal."""

import threading

import pytest

from stagectl.terminal import console, progress
from stagectl.terminal.progress import Progress


def test_each_outcome_is_a_line_with_its_time_and_how_many_are_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress(["orders", "web"], "deploying") as shown:
        for name in ("orders", "web"):
            shown.started(name)
            shown.ended(name, "deployed")

    assert capsys.readouterr().err.splitlines() == [
        "  orders  deployed  0.0 s  (1 of 2)",
        "  web     deployed  0.0 s  (2 of 2)",
    ]


@pytest.mark.parametrize("is_ci", [False, True])
def test_what_runs_and_what_waits_is_said_in_between_but_not_in_ci(
    is_ci: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    is_said = threading.Event()

    def say(text: str) -> None:
        said.append(text)
        is_said.set()

    monkeypatch.setattr(console, "say", say)
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.001)
    monkeypatch.setenv("CI", "true" if is_ci else "")

    with Progress(["orders", "web"], "deploying") as shown:
        shown.started("orders")
        assert is_said.wait(0.05 if is_ci else 30) is not is_ci

    assert said[:1] == ([] if is_ci else ["  deploying orders 0 s; then web"])
