"""Run the fault suite (`tests-e2e/faults`) on a stage of its own.

The Lambdas of the stage `faults` call AWS through a proxy, which runs within the suite.
"""

from collections.abc import Sequence

from devtools.testing import temporary_stage
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.system import processes
from stagectl.system.child_process import Children
from stagectl.terminal import console

STAGE = "faults"
WHOLE = ("-m", "faults")
SHORT = ("-m", "pytest", "tests-e2e/faults", "-m", "faults")
"""The interpreter's arguments for each form; `WHOLE` takes the options of `python -m faults`."""


def run(checkout: Checkout, arguments: Sequence[str]) -> bool:
    """Run the suite on a fresh emulator on a free port, which is always stopped.

    Args:
        checkout: The checkout to test.
        arguments: `WHOLE` with its options, or `SHORT`.

    Returns:
        Whether no order was lost, duplicated or disclosed.

    Raises:
        StagectlError: The stage was not deployed, or a signal ended the suite.
    """
    stage = _find(checkout, processes.free_port())
    passed = False
    try:
        _bring_up(checkout, stage)
        passed = _run(checkout, stage, *arguments)
    finally:
        temporary_stage.stop(stage, keep_log=not passed)
    return passed


def _find(checkout: Checkout, port: int) -> Stage:
    return lifecycle.find(checkout, STAGE, use_emulator=True, port=port)


def _bring_up(checkout: Checkout, stage: Stage) -> None:
    console.say(f"A fresh stage {STAGE}")
    proxy = f"http://{processes.LOOPBACK}:{processes.free_port()}"
    lifecycle.bring_up(checkout, stage, parameters=[f"faultProxyUrl={proxy}"])


def _run(checkout: Checkout, stage: Stage, *arguments: str) -> bool:
    environment = {
        **stage.target.environment,
        "STAGE": stage.name,
        "PYTHONPATH": str(checkout.root / "tests-e2e"),
    }
    command = [str(checkout.python), *arguments]
    completed = Children().run(command, cwd=checkout.root, environment=environment, shown=True)
    if completed.exit_code < 0:
        raise StagectlError(f"A signal ended the fault suite: {-completed.exit_code}")
    return completed.exit_code == 0
