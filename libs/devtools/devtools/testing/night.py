"""`npm run test:night`: what takes too long for each change."""

from devtools.testing.nightly import (
    adopter,
    coverage_floor,
    new_product,  # not-in-new-products
)
from devtools.testing.parts import (
    BROWSER_TESTS,
    OF_EVERYONE,
    PASSED,
    Part,
    as_owner,
    browser_part,
    edge_part,
    fresh_stage,
    in_process_part,
    is_there,
    run_and_end_with_pytest,
    run_parts,
    run_pytest,
)
from stagectl.checkout import Checkout
from stagectl.stacks.stage import Stage
from stagectl.system import processes
from stagectl.system.child_process import Children

_TEST_OF_A_FLOOD = "tests-e2e/scenarios/customers/test_flood_of_searches.py"
_FLOOD_SECONDS = "20"
_TEST_OF_COMMANDS = "tests-e2e/scenarios/operations/test_documented_commands.py"


def run(checkout: Checkout) -> bool:
    """Run what takes too long for each change, on a fresh local stage, and return whether all of it passed.

    That is the coverage of the unit tests, a preview's life with its transcript, a flood of requests, which
    needs the machine to itself, the scenarios with handlers in this process, every command of the
    documentation, the browser's tests behind an edge, and another repository that adopts the libraries.

    Raises:
        StagectlError: The stage was not deployed, or there is no browser.
    """
    outcomes: dict[str, bool] = {}
    first = [
        Part("Coverage of services and service_kit", lambda: coverage_floor.is_kept(checkout)),
        Part("A repository that adopts the libraries", lambda: adopter.passes(checkout)),
    ]
    run_parts(first, outcomes)
    port = processes.free_port()
    with fresh_stage(checkout, outcomes, port) as stage:
        flood = Part("A flood of requests", lambda: _flood(checkout, stage))
        behind_edge = [edge_part(checkout, port), browser_part(checkout, stage, behind_edge=True)]
        on_stage = [
            Part("A preview's life, short, with its transcript", lambda: _acceptance(checkout, stage, port)),
            *([flood] if is_there(checkout, _TEST_OF_A_FLOOD) else []),
            in_process_part(checkout, stage, OF_EVERYONE),
            Part("Every command of the documentation", lambda: _commands(checkout, stage)),
            *(behind_edge if is_there(checkout, BROWSER_TESTS) else []),
        ]
        run_and_end_with_pytest(on_stage, outcomes)
    run_parts([Part("New products", lambda: new_product.passes(checkout))], outcomes)  # not-in-new-products
    return all(outcomes.values())


def _flood(checkout: Checkout, stage: Stage) -> bool:
    environment = {**as_owner(stage), "FLOOD_SECONDS": _FLOOD_SECONDS}
    return run_pytest(checkout, environment, _TEST_OF_A_FLOOD) == PASSED


def _acceptance(checkout: Checkout, stage: Stage, port: int) -> bool:
    transcript = checkout.test_results / "acceptance.md"
    command = [str(checkout.python), "-m", "stagectl", "acceptance", "--emulator", "--quick"]
    environment = {**stage.target.environment, "BIGMOUTH_PORT": str(port)}
    ran = Children().run(
        [*command, "--transcript", str(transcript)], cwd=checkout.root, environment=environment, shown=True
    )
    return ran.exit_code == 0


def _commands(checkout: Checkout, stage: Stage) -> bool:
    return run_pytest(checkout, {**as_owner(stage), "EVERY_COMMAND": "1"}, _TEST_OF_COMMANDS) == PASSED
