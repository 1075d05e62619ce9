import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from devtools.testing import browser, fault_suite, grown_checkout, parts, preview_trial, suite
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError, UsageError
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets.target import Target

Write = Callable[[str, str], Path]
FAKE_PYTEST = """#!/bin/sh
echo "pytest $3 $5 $TEST_MODE $6 $7" >> "$JOURNAL"
case "$(cat "$(dirname "$JOURNAL")/failing" 2>/dev/null)" in
  "$3$TEST_MODE") echo 1 failed; exit 1 ;;
esac
echo 1 passed
"""


class FakeEmulator:
    """Notes whether it was stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stopped = False
        folder.mkdir()

    def stop(self) -> bool:
        self.stopped = True
        return True


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkout: Checkout, write: Write) -> Path:
    """What the parts of the suite were called with; their pytest is a script."""
    checkout.python.unlink()
    write(".venv/bin/python", FAKE_PYTEST).chmod(0o755)
    for tests in (parts.BROWSER_TESTS, suite._FAULT_SUITE, *suite._TESTS_OF_GRANTS):
        write(tests if tests.endswith(".py") else f"{tests}/test_it.py", "")
    path = tmp_path / "journal"
    path.touch()
    monkeypatch.setenv("JOURNAL", str(path))
    monkeypatch.setattr(browser, "ensure", lambda _checkout: Path("/usr/bin/browser"))
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: Path) -> FakeEmulator:
    """The emulator of the stage that the suite brings up."""
    emulator = FakeEmulator(tmp_path / "emulator")
    target = Target("a test", dict(os.environ), is_emulator=True)
    object.__setattr__(target, "emulator", emulator)
    monkeypatch.setattr(lifecycle, "find", lambda *_a, **_o: Stage("local", {}, target))
    monkeypatch.setattr(lifecycle, "bring_up", lambda *_a, **_o: None)
    monkeypatch.setattr(lifecycle, "enter", lambda *_a, **_o: None)
    monkeypatch.setattr(suite, "Linter", lambda _checkout: SimpleNamespace(run=lambda _show: True))

    def step(said: str, name: str) -> Callable[..., bool]:
        def run_it(*_arguments: str) -> bool:
            with journal.open("a") as file:
                file.write(f"{said}\n")
            failing = journal.parent / "failing"
            return not failing.exists() or failing.read_text() != name

        return run_it

    @contextmanager
    def prepared(*_arguments: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(**{name: step(f"preview {name}", name) for name in ("up", "test", "down")})

    monkeypatch.setattr(preview_trial, "prepared", prepared)
    faults = step("faults", "faults")
    monkeypatch.setattr(fault_suite, "run", lambda *_arguments: faults())
    unused = step("permissions", "permissions")
    grown = step("grown", "grown")
    monkeypatch.setattr(grown_checkout, "passes", lambda *_arguments: ("grown", grown()))
    monkeypatch.setattr(suite, "_permissions", lambda *_arguments: unused())
    return emulator


def run(
    checkout: Checkout, stage: str | None = None, arguments: Sequence[str] = (), *, everything: bool = True
) -> bool:
    return suite.run(checkout, stage, arguments, everything=everything)


def test_everything_runs_in_lanes_after_the_unit_tests_and_the_stage_is_stopped(
    checkout: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert run(checkout)

    lines = [line.split() for line in journal.read_text().splitlines()]
    # The two of them run side by side, and so do the lanes.
    assert sorted(lines[:2]) == [
        ["grown"],
        ["pytest", "services", "--ignore=libs/devtools/tests/repository", "-n", "2"],
    ]
    # The interpreter is a stand-in for pytest, which notes two of the arguments.
    beside = [["pytest", "test"], ["pytest", "test", "--browser"]]
    assert sorted(line for line in lines[2:] if line in beside) == beside
    assert [line for line in lines[2:] if line not in beside] == [
        ["preview", "up"],
        ["preview", "test"],
        ["preview", "down"],
        ["pytest", "tests-e2e/scenarios/operations/test_data_of_users.py", "-m", "http", "emulator_only"],
        ["permissions"],
        ["faults"],
    ]
    assert machine.stopped
    assert not machine.folder.exists()


@pytest.fixture
def without_examples(checkout: Checkout, journal: Path) -> Checkout:
    """A checkout without tests of the example services."""
    for tests in (parts.BROWSER_TESTS, suite._FAULT_SUITE):
        shutil.rmtree(checkout.root / tests)
    for tests in suite._TESTS_OF_GRANTS:
        (checkout.root / tests).unlink()
    return checkout


def test_what_a_product_has_no_tests_for_is_no_part_of_everything(
    without_examples: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert run(without_examples)

    lines = journal.read_text().splitlines()
    assert [line for line in lines if not line.startswith("pytest") and line != "grown"] == [
        "preview up",
        "preview test",
        "preview down",
        "permissions",
    ]
    assert [line.split() for line in lines].count(["pytest", "test"]) == len(("stages", "owner"))


def test_a_product_without_pages_has_no_tests_in_a_browser(
    without_examples: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert run(without_examples, everything=False)
    assert ["pytest", "test"] not in [line.split()[:2] for line in journal.read_text().splitlines()]

    with pytest.raises(UsageError, match="There are no tests in tests-e2e/browser"):
        suite.run_some(without_examples, in_a_browser=True, of_stages=False)


def test_the_owners_tests_run_on_a_stage_of_their_own(
    checkout: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert suite.run_as_owner(checkout)

    marker = ["(emulator_only", "or", "hostile", "or", "last)", "and", "not", "browser"]
    results = f"--junitxml={checkout.test_results}/end-to-end-owner.xml"
    ignored = "--ignore=tests-e2e/scenarios/operations/test_data_of_users.py"
    assert journal.read_text().split() == ["pytest", "tests-e2e", *marker, "http", results, ignored]
    assert machine.stopped


def test_the_browsers_tests_run_on_a_stage_of_their_own(
    checkout: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert suite.run_some(checkout, in_a_browser=True, of_stages=False)

    assert journal.read_text().split()[:-1] == ["pytest", "tests-e2e", "browser", "or", "last", "http"]
    assert machine.stopped


def test_tests_of_stages_run_before_those_of_the_browser_on_the_same_stage_which_then_gets_an_edge(
    checkout: Checkout, machine: FakeEmulator, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed: list[Sequence[str]] = []
    monkeypatch.setattr(lifecycle, "bring_up", lambda *_, parameters=(), **__: deployed.append(parameters))

    assert suite.run_some(checkout, in_a_browser=True, of_stages=True, behind_edge=True)

    first, second = journal.read_text().splitlines()
    assert first.split()[:2] == ["pytest", "tests-e2e/scenarios/stages"]
    assert second.split()[:6] == ["pytest", "tests-e2e", "browser", "or", "edge", "or"]
    assert deployed == [(), ["edge=true"]]
    assert machine.stopped


def test_a_preview_whose_browser_tests_run_elsewhere_runs_the_others(
    checkout: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert run(checkout, "dev", ["--ignore=tests-e2e/browser"])

    assert [line.split()[2:4] for line in journal.read_text().splitlines()] == [["not", "browser"]] * 2


def test_before_a_push_the_scenarios_run_on_the_local_stage_and_the_slow_parts_do_not(
    checkout: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert run(checkout, everything=False)

    lines = [line.split() for line in journal.read_text().splitlines()]
    assert sorted(lines[:2])[1][:4] == [
        "pytest",
        "services",
        "--ignore=libs/devtools/tests/repository",
        "--ignore=libs/devtools/tests/workflows",
    ]
    quick = ["not", "browser", "and", "not", "hostile", "and", "not", "emulator_only", "http"]
    # The browser's tests run beside, as a command of their own.
    browser, scenarios = sorted(lines[2:])
    assert browser == ["pytest", "test"]
    assert scenarios[:-1] == ["pytest", "tests-e2e", *quick]
    assert machine.stopped


@pytest.mark.parametrize(
    "failing",
    [
        "services",
        "grown",
        "up",
        "test",
        "down",
        "permissions",
    ],
)
def test_a_failed_part_fails_the_whole_but_keeps_no_other_from_running(
    checkout: Checkout, machine: FakeEmulator, journal: Path, write: Write, failing: str
) -> None:
    write("failing", failing)

    assert not run(checkout)

    assert len(journal.read_text().splitlines()) == 10
    assert machine.stopped
    assert machine.folder.exists()


@pytest.mark.parametrize("failing", ["test", "faults"])
def test_what_fails_on_another_emulator_fails_the_whole(
    checkout: Checkout, machine: FakeEmulator, journal: Path, write: Write, failing: str
) -> None:
    write("failing", failing)

    assert not run(checkout)

    assert len(journal.read_text().splitlines()) == 10


def test_the_last_line_is_pytests_own(
    checkout: Checkout, machine: FakeEmulator, capfd: pytest.CaptureFixture[str]
) -> None:
    run(checkout)

    output, errors = capfd.readouterr()
    assert output.splitlines()[-1] == "1 passed"
    assert "Passed so far: Checks, Unit tests, and the repository" in errors


def test_a_stage_that_does_not_come_up_is_stopped_and_reported(
    checkout: Checkout, machine: FakeEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise StagectlError("no room")

    monkeypatch.setattr(lifecycle, "bring_up", fail)

    with pytest.raises(StagectlError, match="no room"):
        run(checkout)
    assert machine.stopped


def test_with_a_stage_only_the_end_to_end_tests_run_and_it_stays_up(
    checkout: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert run(checkout, "dev", ["-k", "place_order"])

    lines = journal.read_text().splitlines()
    assert len(lines) == 3
    assert all(line.endswith("-k place_order") for line in lines)
    assert not machine.stopped


def test_selected_tests_run_on_a_local_stage_and_nothing_else_runs(
    checkout: Checkout, machine: FakeEmulator, journal: Path
) -> None:
    assert run(checkout, None, ["-k", "place_order"])

    lines = journal.read_text().splitlines()
    assert [line.split()[1] for line in lines] == ["tests-e2e"] * 3
    assert all(line.endswith("-k place_order") for line in lines)
    assert machine.stopped
