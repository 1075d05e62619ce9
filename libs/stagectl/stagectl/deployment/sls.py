"""Run the Serverless Framework's command line, with its output in files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children, Completed


class Sls:
    """Runs `sls` in the folders of stacks, several at once.

    Args:
        checkout: The checkout whose sls is run.
        environment: Environment of the runs.
        inherited_lock: Descriptor of a lock that each run keeps held, so that a run which outlives this
            process still keeps others out.
    """

    def __init__(self, checkout: Checkout, environment: Mapping[str, str], inherited_lock: int) -> None:
        self._program = str(checkout.sls)
        self._way_to_install = checkout.way_to_install
        # The region that stagectl looks for the stacks in, whatever a serverless.yml says.
        region = environment.get("AWS_REGION")
        self._region = ["--region", region] if region else []
        self._environment = {**environment, "SLS_SCHEMA_CACHE_BASE_DIR": str(checkout.state / "sls")}
        self._children = Children([inherited_lock])

    def run(self, folder: Path, arguments: Sequence[str], log: Path) -> Completed:
        """Run sls in a folder, its output in a file, and wait for its end.

        Raises:
            StagectlError: sls is not installed, or the runs have been interrupted.
        """
        if not Path(self._program).exists():
            raise StagectlError(f"sls is not installed: {self._way_to_install}.")
        return self._children.run(
            [self._program, *arguments, *self._region], cwd=folder, environment=self._environment, log=log
        )

    @property
    def interrupted(self) -> bool:
        """Whether the runs have been interrupted: how they ended then says nothing about the stacks."""
        return self._children.interrupted

    def interrupt(self) -> None:
        """Interrupt all runs, kill those that do not end within a grace period, and refuse new ones."""
        self._children.interrupt()
