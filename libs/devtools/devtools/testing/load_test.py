"""Run the load test (`tests-e2e/load`) on any stage."""

from collections.abc import Sequence

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage
from stagectl.system.child_process import Children

_JUDGED = {0: True, 1: False}


def run(checkout: Checkout, stage: Stage, arguments: Sequence[str]) -> bool:
    """Run customers against a deployed stage; everything but their orders is removed afterwards.

    Args:
        checkout: The checkout whose scenario it is.
        stage: The stage, which must have been entered.
        arguments: Options of `python -m load`.

    Returns:
        Whether the service levels held.

    Raises:
        StagectlError: It ended without a result.
    """
    environment = {
        **stage.target.environment,
        "STAGE": stage.name,
        "PYTHONPATH": str(checkout.root / "tests-e2e"),
    }
    command = [str(checkout.python), "-m", "load", *arguments]
    completed = Children().run(command, cwd=checkout.root, environment=environment, shown=True)
    if completed.exit_code not in _JUDGED:
        raise StagectlError(f"The load test ended without a result, with code {completed.exit_code}.")
    return _JUDGED[completed.exit_code]
