"""The life of a preview as in the workflows, on an emulator: each step under its role."""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtools.testing import account_stack, workflow_role
from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.preview_life import inventory
from stagectl.stacks.stage import Stage
from stagectl.system.child_process import Children
from stagectl.terminal import console

if TYPE_CHECKING:
    from mypy_boto3_iam.type_defs import RoleTypeDef

STAGE = "preview-trial"
DEPLOYER, TESTER = "preview-deployer", "preview-tester"
BOUNDARY = ":policy/big-mouth-preview-boundary"
BRANCH = "ref:refs/heads/feature/new-menu"
PARAMETERS = {
    "deployer": "preview",
    # As on the stage `local`: tests wait until what was remembered is forgotten.
    "parametersMaxAgeSeconds": "5",
    "staffMaxAgeSeconds": "5",  # only-with-example-services
}


@dataclass(frozen=True)
class PreviewTrial:
    """One preview of an emulator.

    Attributes:
        checkout: The checkout that is deployed.
        environment: Environment of programs that work on the emulator as its root, and of this process.
        before: What the emulator held before the preview.
    """

    checkout: Checkout
    environment: Mapping[str, str]
    before: frozenset[str]

    def up(self) -> bool:
        """Deploy the preview under the deployer's role; return whether it succeeded, with bounded roles."""
        parameters = [text for name, value in PARAMETERS.items() for text in ("--param", f"{name}={value}")]
        return self._stagectl(DEPLOYER, "up", "--seed", *parameters) and not _say_all(
            "lacks the permissions boundary of previews", self._unbounded_roles()
        )

    def test(self, *arguments: str) -> bool:
        """Run the suite on the preview under the tester's role; return whether it passed."""
        return self._stagectl(TESTER, "test", *arguments, TEST_MODE="http")

    def down(self) -> bool:
        """Remove the preview under the deployer's role; return whether nothing else changed."""
        went = self._stagectl(DEPLOYER, "down")
        after = inventory.take(aws.session())
        is_more = _say_all("was left behind", after - self.before)
        is_less = _say_all("existed before and was removed with it", self.before - after)
        return went and not is_more and not is_less

    def _stagectl(self, role: str, command: str, *arguments: str, **variables: str) -> bool:
        environment = {
            **self.environment,
            **variables,
            **workflow_role.assume(role, workflow_role.token(BRANCH)),
        }
        program = [str(self.checkout.python), "-m", "stagectl", command, "--stage", STAGE, *arguments]
        ran = Children().run(program, cwd=self.checkout.root, environment=environment, shown=True)
        return ran.exit_code == 0

    def _unbounded_roles(self) -> list[str]:
        iam = aws.session().client("iam")
        names = iam.get_paginator("list_roles").paginate().search("Roles[].RoleName")
        roles = [iam.get_role(RoleName=name)["Role"] for name in names if f"-{STAGE}-" in name]
        if not roles:
            raise StagectlError(f"The stage {STAGE} was deployed without roles.")
        return [role["RoleName"] for role in roles if not _boundary(role).endswith(BOUNDARY)]


def _boundary(role: "RoleTypeDef") -> str:
    return role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")


@contextmanager
def prepared(checkout: Checkout, stage: Stage) -> Iterator[PreviewTrial]:
    """Yield the trial of a preview beside a stage of an emulator, with the account's stack until the end.

    Raises:
        StagectlError: The account's stack was not deployed, or not removed.
    """
    environment = dict(os.environ)
    with account_stack.present(checkout, environment, previewBase=stage.name):
        yield PreviewTrial(checkout, environment, frozenset(inventory.take(aws.session())))


def _say_all(what: str, names: Collection[str]) -> bool:
    for name in sorted(names):
        console.say(f"{name} {what}")
    return bool(names)
