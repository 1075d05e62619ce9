"""The parts of a run of the tests, how each runs, and the fresh stage that some run on."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from devtools.testing import browser, temporary_stage
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.system.child_process import Children
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console

PASSED = 0
_NO_TESTS_COLLECTED = 5
OF_EVERYONE = "not browser and not hostile and not emulator_only"
"""Marks the tests that need no special rights and no browser."""

BROWSER_TESTS = "tests-e2e/browser"
IN_A_BROWSER = "In a browser"
_IN_THIS_PROCESS = "End to end, handlers in this process"
_BEHIND_AN_EDGE = "edge=true"


@dataclass(frozen=True)
class Part:
    """A part of the suite: its title, and a function that runs it and returns whether it passed."""

    title: str
    run: Callable[[], bool]


@contextmanager
def fresh_stage(checkout: Checkout, outcomes: Mapping[str, bool], port: int) -> Iterator[Stage]:
    """Yield the local stage on an emulator of its own, which is stopped at the end.

    Args:
        checkout: The checkout to deploy.
        outcomes: What passed by then, by title: after a failure the emulator's log is kept.
        port: Port of the emulator.

    Raises:
        StagectlError: The stage was not deployed.
    """
    stage = lifecycle.find(checkout, LOCAL_STAGE, port=port)
    try:
        begin("A fresh local stage")
        lifecycle.bring_up(checkout, stage)
        yield stage
    finally:
        temporary_stage.stop(stage, keep_log=not all(outcomes.values()))


def as_owner(stage: Stage) -> dict[str, str]:
    """Return the environment of tests that run with all rights."""
    return {**stage.target.environment, "STAGE": stage.name, "TEST_MODE": "http"}


def is_there(checkout: Checkout, tests: str) -> bool:
    """Return whether a checkout has some tests: one without the example services has not all."""
    return (checkout.root / tests).exists()


def passing_codes(arguments: Sequence[str]) -> set[int]:
    """Return the exit codes of success: what the user selects may leave nothing of one part."""
    return {PASSED, _NO_TESTS_COLLECTED} if arguments else {PASSED}


def scenarios(
    checkout: Checkout, stage: Stage, mode: str, marker: str, *arguments: str, **variables: str
) -> int:
    """Run end-to-end tests on a stage, and return pytest's exit code.

    Args:
        checkout: The checkout with the tests.
        stage: The stage that they test.
        mode: `http`, or `handler` for handlers in the process of the tests.
        marker: Expression that selects tests by their marks.
        arguments: Further arguments of pytest.
        variables: Further variables of the environment.
    """
    environment = {**stage.target.environment, "STAGE": stage.name, "TEST_MODE": mode, **variables}
    junit = checkout.test_results / f"end-to-end-{'browser' if variables else mode}.xml"
    return run_pytest(checkout, environment, "tests-e2e", "-m", marker, *arguments, f"--junitxml={junit}")


def edge_part(checkout: Checkout, port: int) -> Part:
    """Return the part that deploys the local stage again, behind an edge."""

    def run() -> bool:
        stage = lifecycle.find(checkout, LOCAL_STAGE, port=port, parameters=[_BEHIND_AN_EDGE])
        lifecycle.bring_up(checkout, stage, parameters=[_BEHIND_AN_EDGE], seeding=False)
        return True

    return Part("An edge in front of the stage", run)


def in_process_part(checkout: Checkout, stage: Stage, marker: str, *arguments: str) -> Part:
    """Return the part with handlers in the tests' process; a new product may have no test for it."""
    fine = {PASSED, _NO_TESTS_COLLECTED}
    return Part(_IN_THIS_PROCESS, lambda: scenarios(checkout, stage, "handler", marker, *arguments) in fine)


def browser_part(checkout: Checkout, stage: Stage, *arguments: str, behind_edge: bool = False) -> Part:
    """Return the part with the browser's tests; a browser is installed where none is."""

    def run() -> bool:
        program = {browser.BROWSER_PATH: str(browser.ensure(checkout))}
        marker = "browser or edge or last" if behind_edge else "browser or last"
        return scenarios(checkout, stage, "http", marker, *arguments, **program) in passing_codes(arguments)

    return Part(IN_A_BROWSER, run)


def run_and_end_with_pytest(parts: Sequence[Part], outcomes: dict[str, bool]) -> None:
    """Run parts of which the last is pytest's, whose summary ends the output."""
    *first, last = parts
    run_parts(first, outcomes)
    print_overview(outcomes)
    run_part(last, outcomes)


def run_parts(parts: Sequence[Part], outcomes: dict[str, bool]) -> None:
    """Run parts one after the other, and print how long each took."""
    for part in parts:
        since = time.monotonic()
        run_part(part, outcomes)
        console.say(f"{'ok' if outcomes[part.title] else 'FAILED'}  {time.monotonic() - since:.1f} s")


def run_part(part: Part, outcomes: dict[str, bool]) -> None:
    """Run a part, and add to the outcomes, by title, whether it passed."""
    begin(part.title)
    try:
        outcomes[part.title] = part.run()
    except StagectlError as error:
        console.say(str(error))
        outcomes[part.title] = False


def begin(title: str) -> None:
    """Print the title of what begins."""
    console.say(f"\n== {title}")


def print_overview(outcomes: Mapping[str, bool]) -> None:
    """Print what came before the last part, whose pytest summary ends the output."""
    failed = [title for title, passed in outcomes.items() if not passed]
    console.say(
        f"\nFailed so far: {', '.join(failed)}" if failed else f"\nPassed so far: {', '.join(outcomes)}"
    )


def run_pytest(
    checkout: Checkout,
    environment: Mapping[str, str],
    *arguments: str,
    children: Children | None = None,
) -> int:
    """Run pytest with this environment, and return its exit code.

    Raises:
        StagectlError: A signal ended it.
    """
    command = [str(checkout.python), "-m", "pytest", *arguments]
    completed = (children or Children()).run(command, cwd=checkout.root, environment=environment, shown=True)
    if completed.exit_code < 0:
        raise StagectlError(f"A signal ended pytest: {-completed.exit_code}")
    return completed.exit_code
