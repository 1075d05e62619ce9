"""Write the execution policy from the stacks of a checkout."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.deployment import build_folders
from stagectl.errors import StagectlError
from stagectl.execution_policy.derivation import POLICY_FILE, derive
from stagectl.execution_policy.templates import compiled
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment

_STAGE = "preview-roles"
# The roles are for every stage, also for those with published functions and with alarms on service levels.
_WITH_ALL_TYPES = ("--param", "snapStart=true", "--param", "serviceLevels=true")
# The roles are for every stage, also for those with published functions and with alarms on service levels.
_PARAMETERS_WITH_ALL_TYPES = ("snapStart=true", "releases=true", "serviceLevels=true")
_WITH_ALL_TYPES = tuple(word for one in _PARAMETERS_WITH_ALL_TYPES for word in ("--param", one))


def write(checkout: Checkout) -> Path:
    """Compile all stacks, write their execution policy, and return the file.

    Raises:
        StagectlError: A stack was not compiled, or has something that was not reviewed.
    """
    stacks = services.discover(checkout.root).values()
    environment = {**emulator_environment.without_aws(), "BIGMOUTH_TEMPLATE_ONLY": "1"}
    children = Children()

    def package(stack: Stack) -> None:
        command = [str(checkout.sls), "package", "--stage", _STAGE, *_WITH_ALL_TYPES]
        packaged = children.run(command, cwd=stack.folder, environment=environment)
        if packaged.exit_code:
            raise StagectlError(f"{stack.name} was not compiled:\n{packaged.output.strip()}")

    doing = "compiling the templates"
    with build_folders.hold(checkout, doing), ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            list(pool.map(package, stacks))
        except BaseException:
            children.interrupt()
            raise
        templates = compiled(stacks, _STAGE)
    path = checkout.root / POLICY_FILE
    path.write_text(derive(templates), encoding="utf-8")
    return path
