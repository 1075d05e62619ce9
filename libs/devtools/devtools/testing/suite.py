"""`npm test`, what to run before a push, and `npm run test:all`, everything that proves the product."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from devtools.checks import lint
from devtools.checks.lint import Linter
from devtools.testing import (
    adopter,
    browser,
    coverage_floor,
    fault_suite,
    grown_checkout,
    new_product,  # not-in-new-products
    preview_trial,
    temporary_stage,
)
from devtools.testing.preview_trial import PreviewTrial
from stagectl import aws, permissions
from stagectl.checkout import Checkout, services
from stagectl.deployment import build_folders
from stagectl.errors import StagectlError
from stagectl.permissions import Review
from stagectl.removal import stage_lock
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.system import processes
from stagectl.system.child_process import Children, Completed
from stagectl.targets import emulator_environment
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console

_PASSED = 0
_NO_TESTS_COLLECTED = 5
_PACKAGING_TESTS = "libs/devtools/tests/repository"
_WORKFLOW_TESTS = "libs/devtools/tests/workflows"
# Of the owner's tests those in which functions use what they do in no other.
_TESTS_OF_GRANTS = (
    "tests-e2e/scenarios/operations/test_users.py",
    "tests-e2e/scenarios/restaurants/test_submissions.py",
)
_TESTS_OF_STAGES = "tests-e2e/scenarios/stages"
_TEST_OF_ALL_LOGS = "tests-e2e/scenarios/operations/test_logs_hold_no_secrets.py"
_TEST_OF_A_FLOOD = "tests-e2e/scenarios/customers/test_flood_of_searches.py"
_FLOOD_SECONDS = "20"
_TEST_OF_COMMANDS = "tests-e2e/scenarios/operations/test_documented_commands.py"
_OF_EVERYONE = "not browser and not hostile and not emulator_only"
"""Marks the tests that need no special rights and no browser."""

_BROWSER_TESTS_LEFT_OUT = "--ignore=tests-e2e/browser"
_IN_A_BROWSER = "In a browser"
_IN_THIS_PROCESS = "End to end, handlers in this process"
_OF_STAGES = "Stages, made, released and removed"
_BEHIND_AN_EDGE = "edge=true"
# The options of `stagectl test` that run them.
_LANES = {
    _IN_A_BROWSER: ("--browser",),
    f"Stages, then {_IN_A_BROWSER.lower()}": ("--stages", "--browser"),
    "As the account's owner": ("--owner",),
}
_LANES_OF_EVERYTHING = tuple(_LANES)[1:]


@dataclass(frozen=True)
class Part:
    """A part of the suite: its title, and a function that runs it and returns whether it passed."""

    title: str
    run: Callable[[], bool]


def run(
    checkout: Checkout,
    stage_name: str | None,
    pytest_arguments: Sequence[str],
    *,
    use_emulator: bool = False,
    everything: bool = False,
) -> bool:
    """Run the suite and return whether all of it passed. Every part runs, also after one that failed.

    With a stage: the end-to-end tests on that stage, which is kept. Without a stage, on a fresh local stage
    of an emulator that is stopped at the end:

    - when the arguments select tests: those of the end-to-end tests, and nothing else;
    - otherwise the checks, the unit tests, and the end-to-end tests over HTTP, beside those in a browser;
    - with `everything` the repository's tests run in a copy of the checkout that gets one more service. Then
      three lanes run side by side, since each mostly waits. In one, the end-to-end tests run on a preview
      that is deployed and removed under the roles of CI; the comparison of granted with used permissions and
      a short fault suite follow. The others are `run_in_a_browser` and `run_as_owner`.

    Args:
        checkout: The checkout to test.
        stage_name: A deployed stage, or None.
        pytest_arguments: Further arguments for the end-to-end tests.
        use_emulator: Look for the stage on this checkout's emulator, whatever its name.
        everything: Whether to run all of it.

    Raises:
        StagectlError: The stage was not deployed, or is already being tested or removed.
    """
    outcomes: dict[str, bool] = {}
    if stage_name is not None:
        stage = lifecycle.find(checkout, stage_name, use_emulator=use_emulator)
        lifecycle.enter(stage)
        with stage_lock.hold(checkout, stage.name, f"testing stage {stage.name}"):
            _run_and_end_with_pytest(_end_to_end(checkout, stage, pytest_arguments), outcomes)
    elif pytest_arguments:
        with _fresh_stage(checkout, outcomes, processes.free_port()) as stage:
            _run_and_end_with_pytest(_end_to_end(checkout, stage, pytest_arguments), outcomes)
    elif everything:
        title = "Unit tests, and the repository's with one more service and two more endpoints"
        unit_tests = Part(title, lambda: _unit_tests_beside(checkout, grown_checkout.passes))
        _run_parts([_checks(checkout), unit_tests], outcomes)
        with _lanes_beside(checkout, outcomes, *_LANES_OF_EVERYTHING):
            _run_the_previews_lane(checkout, outcomes)
    else:
        unit_tests = Part(
            "Unit and repository tests",
            lambda: _unit_tests_beside(checkout, _repository_tests, _WORKFLOW_TESTS),
        )
        _run_parts([_checks(checkout), unit_tests], outcomes)
        with (
            _lanes_beside(checkout, outcomes, _IN_A_BROWSER),
            _fresh_stage(checkout, outcomes, processes.free_port()) as stage,
        ):
            _run_parts([_over_http(checkout, stage)], outcomes)
    return all(outcomes.values())


def run_as_owner(checkout: Checkout) -> bool:
    """Run, on a fresh local stage, what needs the account's owner, and return whether all of it passed.

    That is the tests of roles and operators, and hostile input.

    Raises:
        StagectlError: The stage was not deployed.
    """
    outcomes: dict[str, bool] = {}
    with _fresh_stage(checkout, outcomes, processes.free_port()) as stage:
        arguments = (
            "tests-e2e",
            "-m",
            "(emulator_only or hostile or last) and not browser",
            f"--junitxml={checkout.test_results / 'end-to-end-owner.xml'}",
            *(f"--ignore={tests}" for tests in (*_TESTS_OF_GRANTS, _TESTS_OF_STAGES)),
        )
        title = "End to end, as the account's owner"
        _run_part(Part(title, lambda: _pytest(checkout, _as_owner(stage), *arguments) == _PASSED), outcomes)
    return all(outcomes.values())


def run_at_night(checkout: Checkout) -> bool:
    """Run what takes too long for each change, on a fresh local stage, and return whether all of it passed.

    That is the coverage of the unit tests, a preview's life with its transcript, a flood of requests, which
    needs the machine to itself, the scenarios with handlers in this process, every command of the
    documentation, the browser's tests behind an edge, and another repository that adopts the libraries.

    Raises:
        StagectlError: The stage was not deployed, or there is no browser.
    """
    outcomes: dict[str, bool] = {}
    parts = [
        Part("Coverage of services and service_kit", lambda: coverage_floor.is_kept(checkout)),
        Part("A repository that adopts the libraries", lambda: adopter.passes(checkout)),
    ]
    _run_parts(parts, outcomes)
    port = processes.free_port()
    with _fresh_stage(checkout, outcomes, port) as stage:
        parts = [
            Part("A preview's life, short, with its transcript", lambda: _acceptance(checkout, stage, port)),
            Part("A flood of requests", lambda: _flood(checkout, stage)),
            Part(_IN_THIS_PROCESS, lambda: _scenarios(checkout, stage, "handler", _OF_EVERYONE) == _PASSED),
            Part("Every command of the documentation", lambda: _commands(checkout, stage)),
            Part("An edge in front of the stage", lambda: _edge(checkout, port)),
            _in_a_browser(checkout, stage, behind_edge=True),
        ]
        _run_and_end_with_pytest(parts, outcomes)
    _run_parts([Part("A new product", lambda: new_product.passes(checkout))], outcomes)  # not-in-new-products
    return all(outcomes.values())


def run_some(checkout: Checkout, *, in_a_browser: bool, of_stages: bool, behind_edge: bool = False) -> bool:
    """Run some tests on a fresh local stage, and return whether all of them passed.

    Args:
        checkout: The checkout to test.
        in_a_browser: Whether to run the browser's tests.
        of_stages: Whether to run those that make, release and remove stages, those of workflows among them.
        behind_edge: Whether the browser's tests, and those of the edge, come to the stage through an edge.

    Raises:
        StagectlError: The stage was not deployed, or there is no browser.
    """
    outcomes: dict[str, bool] = {}
    port = processes.free_port()
    with _fresh_stage(checkout, outcomes, port) as stage:
        parts = [
            # First: a stage behind an edge is no base of previews.
            *([_of_stages(checkout, stage)] if of_stages else []),
            *([Part("An edge in front of the stage", lambda: _edge(checkout, port))] if behind_edge else []),
            *([_in_a_browser(checkout, stage, behind_edge=behind_edge)] if in_a_browser else []),
        ]
        _run_parts(parts, outcomes)
    return all(outcomes.values())


@contextmanager
def _fresh_stage(checkout: Checkout, outcomes: Mapping[str, bool], port: int) -> Iterator[Stage]:
    stage = lifecycle.find(checkout, LOCAL_STAGE, port=port)
    try:
        _begin("A fresh local stage")
        lifecycle.bring_up(checkout, stage)
        yield stage
    finally:
        temporary_stage.stop(stage, keep_log=not all(outcomes.values()))


def _run_the_previews_lane(checkout: Checkout, outcomes: dict[str, bool]) -> None:
    with (
        _fresh_stage(checkout, outcomes, processes.free_port()) as stage,
        preview_trial.prepared(checkout, stage) as trial,
    ):
        _run_parts(_preview(checkout, stage, trial), outcomes)
    # It kills functions' environments, whose successors take the processor from other tests.
    _run_parts([_faults(checkout)], outcomes)


@contextmanager
def _lanes_beside(checkout: Checkout, outcomes: dict[str, bool], *titles: str) -> Iterator[None]:
    """Run lanes beside a block, and print what they say after it."""
    environment = {**emulator_environment.without_aws(), build_folders.WAIT_VARIABLE: "1"}
    command = [str(checkout.python), "-m", "stagectl", "test"]
    children = Children()

    def run_beside(title: str) -> Completed:
        return children.run([*command, *_LANES[title]], cwd=checkout.root, environment=environment)

    with build_folders.shared_with_other_commands(), ThreadPoolExecutor() as pool:
        beside = {title: pool.submit(run_beside, title) for title in titles}
        try:
            yield
            ran = {title: lane.result() for title, lane in beside.items()}
        except BaseException:
            children.interrupt()
            raise
    _print_overview(outcomes)
    for title, lane in ran.items():
        _begin(title)
        outcomes[title] = _report(lane.output, passed=lane.exit_code == _PASSED)


def _report(output: str, passed: bool) -> bool:
    console.result(output.rstrip())
    return passed


def _checks(checkout: Checkout) -> Part:
    return Part("Checks", lambda: Linter(checkout).run(lint.show))


def _unit_tests_beside(
    checkout: Checkout, packaging: Callable[[Checkout, Children], tuple[str, bool]], *left_out: str
) -> bool:
    """Run the unit tests, and beside them what packages all stacks, which waits as often as it works."""
    # One for both, so that an interrupt ends both.
    children = Children()
    with ThreadPoolExecutor(max_workers=1) as thread:
        beside = thread.submit(packaging, checkout, children)
        others = _unit_tests(checkout, children, *left_out)
        return _report(*beside.result()) and others


def _unit_tests(checkout: Checkout, children: Children, *left_out: str) -> bool:
    ran = _pytest(
        checkout,
        emulator_environment.without_aws(),
        "services",
        "libs",
        *(f"--ignore={folder}" for folder in (_PACKAGING_TESTS, *left_out)),
        # By file, since tests of one file may share an emulator or a table.
        *("-n", "2", "--dist", "loadfile"),
        children=children,
    )
    return ran == _PASSED


def _repository_tests(checkout: Checkout, children: Children) -> tuple[str, bool]:
    command = [str(checkout.python), "-m", "pytest", _PACKAGING_TESTS]
    ran = children.run(command, cwd=checkout.root, environment=emulator_environment.without_aws())
    return ran.output, ran.exit_code == _PASSED


def _preview(checkout: Checkout, stage: Stage, trial: PreviewTrial) -> list[Part]:
    # They have lanes of their own.
    suite = ("--ignore=tests-e2e/hostile", _BROWSER_TESTS_LEFT_OUT)
    return [
        Part("Preview: deployment, as its deployer", trial.up),
        Part("Preview: the suite, as its tester", lambda: trial.test(*suite)),
        Part("Preview: removal, with nothing left", trial.down),
        # On this emulator, whose calls are compared below.
        Part(
            "Users and reviews, as the account's owner",
            lambda: _pytest(checkout, _as_owner(stage), *_TESTS_OF_GRANTS, "-m", "emulator_only") == _PASSED,
        ),
        Part("Permissions that functions have but do not use", lambda: _permissions(checkout, stage)),
    ]


def _faults(checkout: Checkout) -> Part:
    return Part("Fault suite, short", lambda: fault_suite.run(checkout, fault_suite.SHORT))


def _as_owner(stage: Stage) -> dict[str, str]:
    return {**stage.target.environment, "STAGE": stage.name, "TEST_MODE": "http"}


def _flood(checkout: Checkout, stage: Stage) -> bool:
    environment = {**_as_owner(stage), "FLOOD_SECONDS": _FLOOD_SECONDS}
    return _pytest(checkout, environment, _TEST_OF_A_FLOOD) == _PASSED


def _commands(checkout: Checkout, stage: Stage) -> bool:
    return _pytest(checkout, {**_as_owner(stage), "EVERY_COMMAND": "1"}, _TEST_OF_COMMANDS) == _PASSED


def _acceptance(checkout: Checkout, stage: Stage, port: int) -> bool:
    transcript = checkout.test_results / "acceptance.md"
    command = [str(checkout.python), "-m", "stagectl", "acceptance", "--emulator", "--quick"]
    environment = {**stage.target.environment, "BIGMOUTH_PORT": str(port)}
    ran = Children().run(
        [*command, "--transcript", str(transcript)], cwd=checkout.root, environment=environment, shown=True
    )
    return ran.exit_code == 0


def _permissions(checkout: Checkout, stage: Stage) -> bool:
    lines = permissions.of_stage(
        aws.session(),
        stage.target.environment["AWS_ENDPOINT_URL"],
        stage.name,
        services.discover(checkout.root),
        also=(preview_trial.STAGE,),
    )
    faults = list(permissions.faults(lines, Review.read(checkout.root / permissions.REVIEW_FILE)))
    for fault in faults:
        console.say(fault)
    return not faults


def _run_and_end_with_pytest(parts: Sequence[Part], outcomes: dict[str, bool]) -> None:
    """Run parts of which the last is pytest's, whose summary ends the output."""
    *first, last = parts
    _run_parts(first, outcomes)
    _print_overview(outcomes)
    _run_part(last, outcomes)


def _over_http(checkout: Checkout, stage: Stage) -> Part:
    return Part("End to end, over HTTP", lambda: _scenarios(checkout, stage, "http", _OF_EVERYONE) == _PASSED)


def _end_to_end(checkout: Checkout, stage: Stage, arguments: Sequence[str]) -> list[Part]:
    fine = _fine(arguments)
    in_process = Part(
        _IN_THIS_PROCESS, lambda: _scenarios(checkout, stage, "handler", "not browser", *arguments) in fine
    )
    return [
        *([] if os.environ.get("TEST_MODE") == "http" else [in_process]),
        Part(
            "End to end, over HTTP",
            lambda: _scenarios(checkout, stage, "http", "not browser", *arguments) in fine,
        ),
        *(() if _BROWSER_TESTS_LEFT_OUT in arguments else (_in_a_browser(checkout, stage, *arguments),)),
    ]


def _fine(arguments: Sequence[str]) -> set[int]:
    """Return the exit codes of success: what the user selects may leave nothing of one part."""
    return {_PASSED, _NO_TESTS_COLLECTED} if arguments else {_PASSED}


def _scenarios(
    checkout: Checkout, stage: Stage, mode: str, marker: str, *arguments: str, **variables: str
) -> int:
    environment = {**stage.target.environment, "STAGE": stage.name, "TEST_MODE": mode, **variables}
    junit = checkout.test_results / f"end-to-end-{'browser' if variables else mode}.xml"
    return _pytest(checkout, environment, "tests-e2e", "-m", marker, *arguments, f"--junitxml={junit}")


def _edge(checkout: Checkout, port: int) -> bool:
    """Deploy the local stage again, behind an edge."""
    stage = lifecycle.find(checkout, LOCAL_STAGE, port=port, parameters=[_BEHIND_AN_EDGE])
    lifecycle.bring_up(checkout, stage, parameters=[_BEHIND_AN_EDGE], seeding=False)
    return True


def _in_a_browser(checkout: Checkout, stage: Stage, *arguments: str, behind_edge: bool = False) -> Part:
    def run() -> bool:
        program = {browser.BROWSER_PATH: str(browser.ensure(checkout))}
        marker = "browser or edge or last" if behind_edge else "browser or last"
        return _scenarios(checkout, stage, "http", marker, *arguments, **program) in _fine(arguments)

    return Part(_IN_A_BROWSER, run)


def _of_stages(checkout: Checkout, stage: Stage) -> Part:
    arguments = (
        *(_TESTS_OF_STAGES, _TEST_OF_ALL_LOGS, "-m", "emulator_only or last"),
        f"--junitxml={checkout.test_results / 'end-to-end-stages.xml'}",
    )
    return Part(_OF_STAGES, lambda: _pytest(checkout, _as_owner(stage), *arguments) == _PASSED)


def _run_parts(parts: Sequence[Part], outcomes: dict[str, bool]) -> None:
    for part in parts:
        since = time.monotonic()
        _run_part(part, outcomes)
        console.say(f"{'ok' if outcomes[part.title] else 'FAILED'}  {time.monotonic() - since:.1f} s")


def _run_part(part: Part, outcomes: dict[str, bool]) -> None:
    _begin(part.title)
    try:
        outcomes[part.title] = part.run()
    except StagectlError as error:
        console.say(str(error))
        outcomes[part.title] = False


def _begin(title: str) -> None:
    console.say(f"\n== {title}")


def _print_overview(outcomes: Mapping[str, bool]) -> None:
    """Return what came before the last part, whose pytest summary ends the output."""
    failed = [title for title, passed in outcomes.items() if not passed]
    console.say(
        f"\nFailed so far: {', '.join(failed)}" if failed else f"\nPassed so far: {', '.join(outcomes)}"
    )


def _pytest(
    checkout: Checkout,
    environment: Mapping[str, str],
    *arguments: str,
    children: Children | None = None,
) -> int:
    command = [str(checkout.python), "-m", "pytest", *arguments]
    completed = (children or Children()).run(command, cwd=checkout.root, environment=environment, shown=True)
    if completed.exit_code < 0:
        raise StagectlError(f"A signal ended pytest: {-completed.exit_code}")
    return completed.exit_code
