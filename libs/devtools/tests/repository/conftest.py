"""What the repository's own rules are checked against: the sources, and what the stacks compile to."""

import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout import Checkout, services
from stagectl.deployment.build_folders import hold

ROOT = Path(__file__).resolve().parents[4]
# Those with code of their own; what all stacks must keep is asked of `compiled`.
SERVICES = sorted(name for name, stack in services.discover(ROOT).items() if stack.functions)
STAGE = "prod"
OPTED_IN = [
    word
    for stack in services.discover(ROOT).values()
    if stack.is_opt_in
    for word in ("--param", f"{stack.name}=true")
]
"""Arguments of `sls` that give a stage all opt-in stacks."""


@dataclass(frozen=True)
class Compiled:
    """A stack as `sls package` made it for AWS."""

    service: str
    folder: Path
    template: dict[str, Any]

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        resources: dict[str, dict[str, Any]] = self.template["Resources"]
        return resources

    @property
    def artifact(self) -> Path:
        return self.folder / ".serverless" / f"{self.service}.zip"

    @property
    def template_file(self) -> Path:
        return self.folder / ".serverless" / "cloudformation-template-update-stack.json"

    def of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        return {
            name: resource["Properties"]
            for name, resource in self.resources.items()
            if resource["Type"] == resource_type
        }


def package(folder: Path, stage: str = STAGE, *arguments: str) -> None:
    """Run `sls package` as somebody without an AWS account would."""
    without_aws = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    subprocess.run(
        [str(Checkout(ROOT).sls), "package", "--stage", stage, *arguments],
        cwd=folder,
        env=without_aws,
        check=True,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="session")
def build_folders() -> Iterator[None]:
    """Keep deployments of this checkout away from the build folders meanwhile."""
    with hold(Checkout(ROOT), "testing the packages"):
        yield


@pytest.fixture(scope="session")
def compiled(build_folders: None) -> dict[str, Compiled]:
    """Return every stack, compiled for AWS, as on a stage with all that is opt-in."""
    stacks = services.discover(ROOT)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda stack: package(stack.folder, STAGE, *OPTED_IN), stacks.values()))
    return {
        name: Compiled(
            service=name,
            folder=stack.folder,
            template=json.loads(
                (stack.folder / ".serverless" / "cloudformation-template-update-stack.json").read_text()
            ),
        )
        for name, stack in stacks.items()
    }
