"""`npm test`, what to run before a push, and `npm run test:all`, everything that proves the product."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from devtools.checks import lint
from devtools.checks.lint import Linter
from devtools.testing import fault_suite, grown_checkout, preview_trial
from devtools.testing.parts import (
    BROWSER_TESTS,
    IN_A_BROWSER,
    OF_EVERYONE,
    PASSED,
    Part,
    as_owner,
    begin,
    browser_part,
    edge_part,
    fresh_stage,
    in_process_part,
    is_there,
    passing_codes,
    print_overview,
    run_and_end_with_pytest,
    run_part,
    run_parts,
    run_pytest,
    scenarios,
)
from devtools.testing.preview_trial import PreviewTrial
from stagectl import aws, permissions
from stagectl.checkout import Checkout, services
from stagectl.deployment import build_folders
from stagectl.errors import UsageError
from stagectl.permissions import Review
from stagectl.removal import stage_lock
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.system import processes
from stagectl.system.child_process import Children, Completed
from stagectl.targets import emulator_environment
from stagectl.terminal import console

_PACKAGING_TESTS = "libs/devtools/tests/repository"
_WORKFLOW_TESTS = "libs/devtools/tests/workflows"
# Of the owner's tests those in which functions use what they do in no other.
_TESTS_OF_GRANTS = (
    "tests-e2e/scenarios/operations/test_data_of_users.py",
    "tests-e2e/scenarios/restaurants/test_submissions.py",
)
_TESTS_OF_STAGES = "tests-e2e/scenarios/stages"
_TEST_OF_ALL_LOGS = "tests-e2e/scenarios/operations/test_logs_hold_no_secrets.py"
_BROWSER_TESTS_LEFT_OUT = f"--ignore={BROWSER_TESTS}"
_FAULT_SUITE = "tests-e2e/faults"
_OF_STAGES = "Stages, made, released and removed"
_Lanes = Mapping[str, Sequence[str]]
"""What runs beside other parts: titles, with the options of `stagectl test`."""

_BROWSERS_LANE: _Lanes = {IN_A_BROWSER: ("--browser",)}
_STAGES_LANE: _Lanes = {"Stages": ("--stages",)}
_LANE_OF_BOTH: _Lanes = {f"Stages, then {IN_A_BROWSER.lower()}": ("--stages", "--browser")}
_OWNERS_LANE: _Lanes = {"As the account's owner": ("--owner",)}


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
            run_and_end_with_pytest(_end_to_end(checkout, stage, pytest_arguments), outcomes)
    elif pytest_arguments:
        with fresh_stage(checkout, outcomes, processes.free_port()) as stage:
            run_and_end_with_pytest(_end_to_end(checkout, stage, pytest_arguments), outcomes)
    elif everything:
        title = "Unit tests, and the repository's with one more service"
        unit_tests = Part(title, lambda: _unit_tests_beside(checkout, grown_checkout.passes))
        run_parts([_checks(checkout), unit_tests], outcomes)
        of_stages = _LANE_OF_BOTH if is_there(checkout, BROWSER_TESTS) else _STAGES_LANE
        with _lanes_beside(checkout, outcomes, {**of_stages, **_OWNERS_LANE}):
            _run_the_previews_lane(checkout, outcomes)
    else:
        unit_tests = Part(
            "Unit and repository tests",
            lambda: _unit_tests_beside(checkout, _repository_tests, _WORKFLOW_TESTS),
        )
        run_parts([_checks(checkout), unit_tests], outcomes)
        in_a_browser = _BROWSERS_LANE if is_there(checkout, BROWSER_TESTS) else {}
        with (
            _lanes_beside(checkout, outcomes, in_a_browser),
            fresh_stage(checkout, outcomes, processes.free_port()) as stage,
        ):
            run_parts([_over_http(checkout, stage)], outcomes)
    return all(outcomes.values())


def run_as_owner(checkout: Checkout) -> bool:
    """Run, on a fresh local stage, what needs the account's owner, and return whether all of it passed.

    That is the tests of roles and operators, and hostile input.

    Raises:
        StagectlError: The stage was not deployed.
    """
    outcomes: dict[str, bool] = {}
    with fresh_stage(checkout, outcomes, processes.free_port()) as stage:
        arguments = (
            "tests-e2e",
            "-m",
            "(emulator_only or hostile or last) and not browser",
            f"--junitxml={checkout.test_results / 'end-to-end-owner.xml'}",
            *(f"--ignore={tests}" for tests in (*_TESTS_OF_GRANTS, _TESTS_OF_STAGES)),
        )
        title = "End to end, as the account's owner"
        run_part(Part(title, lambda: run_pytest(checkout, as_owner(stage), *arguments) == PASSED), outcomes)
    return all(outcomes.values())


def run_some(checkout: Checkout, *, in_a_browser: bool, of_stages: bool, behind_edge: bool = False) -> bool:
    """Run some tests on a fresh local stage, and return whether all of them passed.

    Args:
        checkout: The checkout to test.
        in_a_browser: Whether to run the browser's tests.
        of_stages: Whether to run those that make, release and remove stages, those of workflows among them.
        behind_edge: Whether the browser's tests, and those of the edge, come to the stage through an edge.

    Raises:
        UsageError: The product has no tests in a browser.
        StagectlError: The stage was not deployed, or there is no browser.
    """
    if in_a_browser and not is_there(checkout, BROWSER_TESTS):
        raise UsageError(f"There are no tests in {BROWSER_TESTS}.")
    outcomes: dict[str, bool] = {}
    port = processes.free_port()
    with fresh_stage(checkout, outcomes, port) as stage:
        parts = [
            # First: a stage behind an edge is no base of previews.
            *([_of_stages(checkout, stage)] if of_stages else []),
            *([edge_part(checkout, port)] if behind_edge else []),
            *([browser_part(checkout, stage, behind_edge=behind_edge)] if in_a_browser else []),
        ]
        run_parts(parts, outcomes)
    return all(outcomes.values())


def _run_the_previews_lane(checkout: Checkout, outcomes: dict[str, bool]) -> None:
    with (
        fresh_stage(checkout, outcomes, processes.free_port()) as stage,
        preview_trial.prepared(checkout, stage) as trial,
    ):
        run_parts(_preview(checkout, stage, trial), outcomes)
    # It kills functions' environments, whose successors take the processor from other tests.
    run_parts([_faults(checkout)] if is_there(checkout, _FAULT_SUITE) else [], outcomes)


@contextmanager
def _lanes_beside(checkout: Checkout, outcomes: dict[str, bool], lanes: _Lanes) -> Iterator[None]:
    """Run lanes beside a block, and print what they say after it."""
    environment = {**emulator_environment.without_aws(), build_folders.WAIT_VARIABLE: "1"}
    command = [str(checkout.python), "-m", "stagectl", "test"]
    children = Children()

    def run_beside(options: Sequence[str]) -> Completed:
        return children.run([*command, *options], cwd=checkout.root, environment=environment)

    with build_folders.shared_with_other_commands(), ThreadPoolExecutor() as pool:
        beside = {title: pool.submit(run_beside, options) for title, options in lanes.items()}
        try:
            yield
            ran = {title: lane.result() for title, lane in beside.items()}
        except BaseException:
            children.interrupt()
            raise
    print_overview(outcomes)
    for title, lane in ran.items():
        begin(title)
        outcomes[title] = _report(lane.output, passed=lane.exit_code == PASSED)


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
    ran = run_pytest(
        checkout,
        emulator_environment.without_aws(),
        "services",
        "libs",
        *(f"--ignore={folder}" for folder in (_PACKAGING_TESTS, *left_out)),
        # By file, since tests of one file may share an emulator or a table.
        *("-n", "2", "--dist", "loadfile"),
        children=children,
    )
    return ran == PASSED


def _repository_tests(checkout: Checkout, children: Children) -> tuple[str, bool]:
    command = [str(checkout.python), "-m", "pytest", _PACKAGING_TESTS]
    ran = children.run(command, cwd=checkout.root, environment=emulator_environment.without_aws())
    return ran.output, ran.exit_code == PASSED


def _preview(checkout: Checkout, stage: Stage, trial: PreviewTrial) -> list[Part]:
    # They have lanes of their own.
    suite = ("--ignore=tests-e2e/hostile", _BROWSER_TESTS_LEFT_OUT)
    of_grants = [tests for tests in _TESTS_OF_GRANTS if is_there(checkout, tests)]
    # On this emulator, whose calls are compared afterwards.
    as_the_owner = Part(
        "Users and reviews, as the account's owner",
        lambda: run_pytest(checkout, as_owner(stage), *of_grants, "-m", "emulator_only") == PASSED,
    )
    return [
        Part("Preview: deployment, as its deployer", trial.up),
        Part("Preview: the suite, as its tester", lambda: trial.test(*suite)),
        Part("Preview: removal, with nothing left", trial.down),
        *([as_the_owner] if of_grants else []),
        Part("Permissions that functions have but do not use", lambda: _permissions(checkout, stage)),
    ]


def _faults(checkout: Checkout) -> Part:
    return Part("Fault suite, short", lambda: fault_suite.run(checkout, fault_suite.SHORT))


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


def _over_http(checkout: Checkout, stage: Stage) -> Part:
    return Part("End to end, over HTTP", lambda: scenarios(checkout, stage, "http", OF_EVERYONE) == PASSED)


def _end_to_end(checkout: Checkout, stage: Stage, arguments: Sequence[str]) -> list[Part]:
    fine = passing_codes(arguments)
    in_a_browser = is_there(checkout, BROWSER_TESTS) and _BROWSER_TESTS_LEFT_OUT not in arguments
    in_process = in_process_part(checkout, stage, "not browser", *arguments)
    return [
        *([] if os.environ.get("TEST_MODE") == "http" else [in_process]),
        Part(
            "End to end, over HTTP",
            lambda: scenarios(checkout, stage, "http", "not browser", *arguments) in fine,
        ),
        *([browser_part(checkout, stage, *arguments)] if in_a_browser else []),
    ]


def _of_stages(checkout: Checkout, stage: Stage) -> Part:
    arguments = (
        *(_TESTS_OF_STAGES, _TEST_OF_ALL_LOGS, "-m", "emulator_only or last"),
        f"--junitxml={checkout.test_results / 'end-to-end-stages.xml'}",
    )
    return Part(_OF_STAGES, lambda: run_pytest(checkout, as_owner(stage), *arguments) == PASSED)
