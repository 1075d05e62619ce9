"""Write the execution policy from the stacks of a checkout."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.deployment import build_folders
from stagectl.deployment.stack_inputs import StackInputs
from stagectl.errors import StagectlError
from stagectl.execution_policy.derivation import POLICY_FILE, derive
from stagectl.execution_policy.templates import Template, compiled
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment

_STAGE = "preview-roles"
# The roles are for every stage: with published functions, alarms on service levels, access logs, an edge too.
_PARAMETERS = ("snapStart=true", "releases=true", "serviceLevels=true", "accessLogs=true", "edge=true")
_MOST_KEPT = 100
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

    A template is kept, and compiled again when something that it is made from has changed.

    Args:
        checkout: The checkout whose stacks these are.
        stage: Name of the stage.
        arguments: Further arguments of `sls package`.

    Raises:
        StagectlError: A stack was not compiled.
    """
    stacks = services.discover(checkout.root).values()
    environment = {**emulator_environment.without_aws(), "BIGMOUTH_TEMPLATE_ONLY": "1"}
    inputs = StackInputs(checkout, stage=stage, parameters=arguments, environment=environment, tools="")
    children = Children()

    def template_of(stack: Stack) -> Template:
        # An opt-in stack is made from others too.
        digest = None if stack.is_opt_in else inputs.digest(stack)
        kept = checkout.state / "templates" / f"{digest}.json"
        if digest is not None and kept.is_file():
            return Template(stack.name, stage, json.loads(kept.read_text("utf-8")))
        command = [str(checkout.sls), "package", "--stage", stage, *arguments]
        packaged = children.run(command, cwd=stack.folder, environment=environment)
        if packaged.exit_code:
            raise StagectlError(f"{stack.name} was not compiled:\n{packaged.output.strip()}")
        (template,) = compiled([stack], stage)
        if digest is not None:
            _keep(kept, json.dumps(template.document))
        return template

    doing = "compiling the templates"
    with build_folders.hold(checkout, doing), ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            return list(pool.map(template_of, stacks))
        except BaseException:
            children.interrupt()
            raise


def _keep(path: Path, text: str) -> None:
    """Write a file at once and whole, and remove the oldest of many beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(f".{os.getpid()}.part")
    written.write_text(text, encoding="utf-8")
    written.replace(path)
    for old in sorted(path.parent.glob("*.json"), key=lambda one: -one.stat().st_mtime)[_MOST_KEPT:]:
        old.unlink(missing_ok=True)
