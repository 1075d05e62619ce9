"""The compiled templates, and the names that their resources have on a stage."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stagectl.checkout.services import Stack
from stagectl.checkout.ssm_handoff import parameters_read_in

STAGE = "{stage}"
READABLE_STAGE = "{readable}"
"""Stands for the stages whose parameters may be taken: the deployed one, and the base of previews."""

_TEMPLATE = Path(".serverless") / "cloudformation-template-update-stack.json"


@dataclass(frozen=True)
class Template:
    """A compiled template.

    Attributes:
        stack: Name of its stack without the stage, such as `orders`.
        stage: Stage that it was compiled for.
        document: The template itself.
    """

    stack: str
    stage: str
    document: dict[str, Any]

    @property
    def types(self) -> frozenset[str]:
        """The resource types that it declares."""
        return frozenset(resource["Type"] for resource in self.document["Resources"].values())

    @property
    def stack_names(self) -> str:
        """The pattern of the names that CloudFormation makes up for resources without one."""
        return f"{self.stack}-{STAGE}-*"

    def names(self, resource_type: str, name_property: str) -> Iterator[str]:
        """Yield the names of its resources of a type as patterns, the stage's place held by `{stage}`.

        What follows the stage is left open, so that another function needs no other policy.
        """
        for resource in self.document["Resources"].values():
            if resource["Type"] == resource_type:
                yield self._pattern(str(resource["Properties"][name_property]))

    def taken_parameters(self) -> Iterator[str]:
        """Yield the names of the SSM parameters that it takes from other stacks."""
        for name in parameters_read_in(self.document):
            yield self._standing_for_stage(name, READABLE_STAGE)

    def signed_routes(self) -> Iterator[str]:
        """Yield the routes that IAM guards, as `METHOD/path`, with `*` for a variable of the path."""
        resources = self.document["Resources"]
        for resource in resources.values():
            method = resource["Properties"] if resource["Type"] == "AWS::ApiGateway::Method" else {}
            if method.get("AuthorizationType") == "AWS_IAM":
                yield method["HttpMethod"] + self._path(method["ResourceId"])

    def _path(self, resource_id: dict[str, Any]) -> str:
        if "Ref" not in resource_id:
            return ""
        part = self.document["Resources"][resource_id["Ref"]]["Properties"]
        name = "*" if part["PathPart"].startswith("{") else part["PathPart"]
        return f"{self._path(part['ParentId'])}/{name}"

    def _pattern(self, name: str) -> str:
        before, stage, after = self._standing_for_stage(name, STAGE).partition(STAGE)
        return f"{before}{stage}{after[0]}*" if after else before + stage

    def _standing_for_stage(self, name: str, placeholder: str) -> str:
        return re.sub(rf"(?<![a-z0-9]){re.escape(self.stage)}(?![a-z0-9])", placeholder, name, count=1)


def compiled(stacks: Iterable[Stack], stage: str) -> list[Template]:
    """Return the templates as `sls package` left them in the stacks' build folders."""
    return [
        Template(stack.name, stage, json.loads((stack.folder / _TEMPLATE).read_text("utf-8")))
        for stack in stacks
    ]
