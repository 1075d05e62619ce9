"""Deploys the checkout named by its argument, and leaves as the command line does when it is interrupted."""

import os
import sys
from pathlib import Path

from stagectl.checkout import Checkout, services
from stagectl.deployment import deploy
from stagectl.deployment.deploy import DeploymentPlan
from stagectl.system import interrupts
from stagectl.targets.target import Target


class Sound:
    """Stack states in which nothing needs mending."""

    def make_deployable(self, _name: str) -> None:
        """Find nothing to do."""

    def stop_waiting(self) -> None:
        """Wait for nothing."""

    def is_unfinished(self, _name: str) -> bool:
        """Find nothing unfinished."""
        return False


interrupts.install()
checkout = Checkout(Path(sys.argv[1]))
target = Target("a test", dict(os.environ), is_emulator=True)
try:
    deploy.deploy(checkout, DeploymentPlan("dev", services.discover(checkout.root), target), Sound())
except KeyboardInterrupt:
    sys.exit(130)
