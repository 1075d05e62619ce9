"""Write the execution policy from the stacks of a checkout."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.deployment import build_folders
from stagectl.errors import StagectlError
from stagectl.execution_policy.derivation import POLICY_FILE, derive
from stagectl.execution_policy.templates import Template, compiled
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment

_STAGE = "preview-roles"
# The roles are for every stage: with published functions, alarms on service levels, access logs, an edge too.
_PARAMETERS = ("snapStart=true", "releases=true", "serviceLevels=true", "accessLogs=true", "edge=true")
_WITH_ALL_TYPES = tuple(word for parameter in _PARAMETERS for word in ("--param", parameter))


def write(checkout: Checkout) -> Path:
    """Compile all stacks, write their execution policy, and return the file.

    Raises:
        StagectlError: A stack was not compiled, or has something that was not reviewed.
    """
    path = checkout.root / POLICY_FILE
    path.write_text(derive(compile_all(checkout, _STAGE, *_WITH_ALL_TYPES)), encoding="utf-8")
    return path


def compile_all(checkout: Checkout, stage: str, *arguments: str) -> list[Template]:
    """Compile the templates of all stacks, without their code and without AWS, and return them.

    Args:
        checkout: The checkout whose stacks these are.
        stage: Name of the stage.
        arguments: Further arguments of `sls package`.

    Raises:
        StagectlError: A stack was not compiled.
    """
    stacks = services.discover(checkout.root).values()
    environment = {**emulator_environment.without_aws(), "BIGMOUTH_TEMPLATE_ONLY": "1"}
    children = Children()

    def package(stack: Stack) -> None:
        command = [str(checkout.sls), "package", "--stage", stage, *arguments]
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
        return compiled(stacks, stage)
