"""A small CloudFormation with the services that its stacks use, as far as taking a stage down needs them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

CREATED = datetime(2026, 1, 31, tzinfo=UTC)
STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass
class Stack:
    """A stack of the fake.

    Attributes:
        name: Its name.
        states: What it is in; each look sees the next one, and the last one stays.
        tags: Its tags.
        resources: Its resources, as logical id, type and physical id.
        template: Its template.
        outputs: Its outputs.
        hindrances: Why its deletions fail, one after another; afterwards they succeed.
        kept: Logical ids that its deletion skips.
        is_protected: Whether its termination protection is on.
    """

    name: str
    states: list[str] = field(default_factory=lambda: ["CREATE_COMPLETE"])
    tags: dict[str, str] = field(default_factory=dict)
    resources: list[tuple[str, str, str]] = field(default_factory=list)
    template: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    hindrances: list[str] = field(default_factory=list)
    kept: tuple[str, ...] = ()
    is_protected: bool = False
    events: list[dict[str, str]] = field(default_factory=list)


def stack(stage: str, service: str, **attributes: Any) -> Stack:
    """Return a stack that is tagged as a deployment tags it."""
    tags = {"project": "big-mouth", "stage": stage, "service": service}
    return Stack(f"{service}-{stage}", tags=tags | attributes.pop("tags", {}), **attributes)


class FakeCloud:
    """The calls of boto3's clients for CloudFormation and S3 that stacks are looked at and removed with.

    Attributes:
        buckets: Names of the objects in each bucket.
        deleted: Names of the stacks that were deleted, in order; tries that failed count.
        denied: Operations that are refused.
    """

    def __init__(self, *stacks: Stack) -> None:
        self.stacks = {one.name: one for one in stacks}
        self.gone: dict[str, Stack] = {}
        self.buckets: dict[str, list[str]] = {}
        self.deleted: list[str] = []
        self.denied: set[str] = set()
        self.exceptions = _Exceptions

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        return {"Stacks": [self._described(self._find(StackName))]}

    def list_stack_resources(self, StackName: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        found = self._find(StackName)
        yield {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": logical_id,
                    "ResourceType": kind,
                    "PhysicalResourceId": physical_id,
                    "ResourceStatus": "CREATE_COMPLETE",
                }
                for logical_id, kind, physical_id in found.resources
            ]
        }

    def describe_stack_events(self, StackName: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        yield {"StackEvents": list(reversed((self.stacks.get(StackName) or self.gone[StackName]).events))}

    def get_template(self, *, StackName: str, TemplateStage: str) -> dict[str, Any]:  # noqa: N803
        assert TemplateStage == "Original"
        self._check("get_template")
        return {"TemplateBody": json.loads(json.dumps(self._find(StackName).template))}

    def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
        found = self._find(StackName)
        self.deleted.append(StackName)
        found.events.append(_event(StackName, STACK_TYPE, "DELETE_IN_PROGRESS"))
        full = [one for one in found.resources if self.buckets.get(one[2])]
        reasons = [(one[0], one[1], f"The bucket {one[2]} is not empty") for one in full]
        if found.hindrances:
            reasons.append(("Table", "AWS::DynamoDB::Table", found.hindrances.pop(0)))
        if reasons:
            found.states = ["DELETE_IN_PROGRESS", "DELETE_FAILED"]
            found.events += [_event(name, kind, "DELETE_FAILED", why) for name, kind, why in reasons]
            return
        for logical_id, kind, physical_id in found.resources:
            status = "DELETE_SKIPPED" if logical_id in found.kept else "DELETE_COMPLETE"
            found.events.append(_event(logical_id, kind, status) | {"PhysicalResourceId": physical_id})
        self.gone[f"id of {StackName}"] = self.stacks.pop(StackName)

    def list_object_versions(self, Bucket: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        found = self.buckets.get(Bucket, [])
        yield {"Versions": [{"Key": key, "VersionId": "1"} for key in found], "DeleteMarkers": []}

    def delete_objects(self, *, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        for one in Delete["Objects"]:
            self.buckets[Bucket].remove(one["Key"])
        return {}

    def get_paginator(self, operation: str) -> "_Paginator":
        return _Paginator(self, operation)

    def all_stacks(self) -> Iterator[dict[str, Any]]:
        yield {"Stacks": [self._described(one) for one in self.stacks.values()]}

    def list_stacks(self) -> Iterator[dict[str, Any]]:
        summaries = [{"StackName": one.name, "StackStatus": one.states[0]} for one in self.stacks.values()]
        yield {"StackSummaries": summaries}

    def _described(self, found: Stack) -> dict[str, Any]:
        state = found.states.pop(0) if len(found.states) > 1 else found.states[0]
        return {
            "StackName": found.name,
            "StackId": f"id of {found.name}",
            "StackStatus": state,
            "CreationTime": CREATED,
            "EnableTerminationProtection": found.is_protected,
            "Tags": [{"Key": key, "Value": value} for key, value in found.tags.items()],
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in found.outputs.items()],
        }

    def _find(self, name: str) -> Stack:
        if name not in self.stacks:
            message = f"Stack with id {name} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        self._check(f"look at {name}")
        return self.stacks[name]

    def _check(self, operation: str) -> None:
        if operation in self.denied:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not allowed"}}, operation)


class _Exceptions:
    class NoSuchBucket(Exception):  # noqa: N818 - as boto3 has it
        """There is no such bucket."""


class _Paginator:
    def __init__(self, cloud: FakeCloud, operation: str) -> None:
        self._cloud = cloud
        self._operation = operation

    def paginate(self, **arguments: str) -> Iterator[dict[str, Any]]:
        self._cloud._check(self._operation)
        name = "all_stacks" if self._operation == "describe_stacks" else self._operation
        pages: Iterator[dict[str, Any]] = getattr(self._cloud, name)(**arguments)
        return pages


def _event(name: str, kind: str, status: str, reason: str = "") -> dict[str, str]:
    return {
        "LogicalResourceId": name,
        "ResourceType": kind,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }
