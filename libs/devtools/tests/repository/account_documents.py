"""What the account's stack compiles to, as documents that IAM could be asked about."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stagectl.checkout import Checkout
from stagectl.stacks.stage_stacks import PROJECT

from .conftest import ROOT

STACK = ROOT / "shared-infra" / "account"
ACCOUNT = "123456789012"
REGION = "us-east-1"
_PSEUDO = {"${AWS::Partition}": "aws", "${AWS::Region}": REGION, "${AWS::AccountId}": ACCOUNT}


@dataclass(frozen=True)
class Question:
    """Whether a principal may do something.

    Attributes:
        by: Who, such as `preview-deployer`.
        action: Such as `s3:GetObject`.
        resource: ARN.
        region: Where.
        context: What conditions may name.
    """

    by: str
    action: str
    resource: str
    region: str
    context: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "context": dict(self.context)}


def compiled_account(*parameters: str) -> dict[str, dict[str, Any]]:
    """Return the resources of the account's stack, compiled with some parameters."""
    without_aws = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    subprocess.run(
        [str(Checkout(ROOT).sls), "package", "--param", "repository=acme/shop", *parameters],
        cwd=STACK,
        env=without_aws,
        check=True,
        capture_output=True,
    )
    template = json.loads((STACK / ".serverless" / "cloudformation-template-update-stack.json").read_text())
    resources: dict[str, dict[str, Any]] = template["Resources"]
    return resources


def documents_of(resources: dict[str, dict[str, Any]]) -> dict[str, list[Any]]:
    """Return the documents of every role and boundary, by its name without the project's."""
    managed = {
        name: _resolved(one["Properties"]["PolicyDocument"])
        for name, one in resources.items()
        if one["Type"] == "AWS::IAM::ManagedPolicy"
    }
    roles = {
        _name(one["Properties"]["RoleName"]): [
            # Others are policies of AWS, which only roles of AWS's services have.
            managed[arn["Ref"]]
            for arn in one["Properties"]["ManagedPolicyArns"]
            if "Ref" in arn
        ]
        for one in resources.values()
        if one["Type"] == "AWS::IAM::Role"
    }
    boundaries = {
        _name(resources[name]["Properties"]["ManagedPolicyName"]): [document]
        for name, document in managed.items()
        if name.endswith("Boundary")
    }
    return {**roles, **boundaries}


def _name(text: str) -> str:
    return text.removeprefix(f"{PROJECT}-")


def _resolved(node: Any) -> Any:
    if isinstance(node, dict):
        if "Fn::Sub" in node:
            text: str = node["Fn::Sub"]
            for name, value in _PSEUDO.items():
                text = text.replace(name, value)
            return text
        return {key: _resolved(value) for key, value in node.items()}
    return [_resolved(one) for one in node] if isinstance(node, list) else node
