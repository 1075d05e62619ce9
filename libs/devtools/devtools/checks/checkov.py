"""Compare what checkov finds in production's templates with what `.checkov.yaml` explains.

checkov pins other versions of packages of this repository, so it has an environment of its own, which is made
when it is first needed or its lock has changed.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from devtools import tool_environments
from stagectl.checkout import Checkout, services
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.deployment import build_folders
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment

CONFIGURATION = Path(".checkov.yaml")
_TEMPLATE = Path(".serverless") / "cloudformation-template-update-stack.json"
_STAGE = "prod"


@dataclass(frozen=True)
class Comparison:
    """What differs from the explained findings.

    Attributes:
        unexplained: Findings that no suppression covers, as `check resource: name`.
        unneeded: Suppressed checks that find nothing.
    """

    unexplained: Collection[str]
    unneeded: Collection[str]


def compare(checkout: Checkout) -> Comparison:
    """Run checkov on the templates of `prod`.

    Raises:
        BusyError: A deployment of this checkout runs, which uses the same build folders.
        StagectlError: A stack was not compiled, or checkov did not run.
    """
    suppressed = set(load_mapping(checkout.root / CONFIGURATION)["skip-check"])
    children = Children()
    program = tool_environments.program(checkout, children, "checkov", "checkov")
    with tempfile.TemporaryDirectory() as folder, build_folders.hold(checkout, "checking the templates"):
        for stack in services.discover(checkout.root).values():
            environment = {**emulator_environment.without_aws(), "BIGMOUTH_TEMPLATE_ONLY": "1"}
            _run(
                children, [str(checkout.sls), "package", "--stage", _STAGE], cwd=stack.folder, env=environment
            )
            shutil.copy(stack.folder / _TEMPLATE, Path(folder) / f"{stack.name}.json")
        command = [program, "-d", folder, "--framework", "cloudformation", "--skip-download", "--soft-fail"]
        # Not from the checkout, where it would read the suppressions.
        report = _run(children, [*command, "--quiet", "-o", "json"], cwd=Path(folder), env=dict(os.environ))
    failed = json.loads(report[report.index("{") :])["results"]["failed_checks"]
    return Comparison(
        sorted(
            f"{one['check_id']} {Path(one['file_path']).stem} {one['resource']}: {one['check_name']}"
            for one in failed
            if one["check_id"] not in suppressed
        ),
        sorted(suppressed - {one["check_id"] for one in failed}),
    )


def _run(children: Children, command: list[str], *, cwd: Path, env: dict[str, str]) -> str:
    completed = children.run(command, cwd=cwd, environment=env)
    if completed.exit_code:
        raise StagectlError(f"{' '.join(command[:3])} failed:\n{completed.output.strip()}")
    return completed.output
