"""Resource types of the templates that MiniStack's CloudFormation lacks.

It knows no archives of event buses, though its EventBridge has them, and it makes roles without the boundary
that their template gives them, though its IAM enforces one.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import eventbridge, iam
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

Properties = dict[str, Any]
Made = tuple[str, dict[str, str]]

OK = 200
BOUNDARY = "PermissionsBoundary"


def install() -> None:
    """Teach MiniStack's CloudFormation these types."""
    _RESOURCE_HANDLERS["AWS::Events::Archive"] = {
        "create": create_archive,
        "update": update_archive,
        "delete": delete_archive,
    }
    role = _RESOURCE_HANDLERS["AWS::IAM::Role"]
    role["create"] = with_boundary(role["create"], properties_at=1)
    role["update"] = with_boundary(role["update"], properties_at=2)


def create_archive(logical_id: str, properties: Properties, stack_name: str) -> Made:
    """Create an archive, with a generated name if the template has none."""
    name = properties.get("ArchiveName") or f"{stack_name}-{logical_id}"
    return _made(name, eventbridge._create_archive(_request(name, properties)))


def update_archive(physical_id: str, _: Properties, properties: Properties, stack_name: str) -> Made:
    """Change an archive, or make another when it gets another name."""
    name = properties.get("ArchiveName", physical_id)
    if name != physical_id:
        return create_archive(physical_id, properties, stack_name)
    return _made(name, eventbridge._update_archive(_request(name, properties)))


def delete_archive(physical_id: str, _: Properties) -> None:
    """Remove an archive, if it exists."""
    eventbridge._delete_archive({"ArchiveName": physical_id})


def with_boundary(make: Callable[..., Made], *, properties_at: int) -> Callable[..., Made]:
    """Let a role get the permissions boundary of its template, once it is made or changed."""

    @wraps(make)
    def operation(*arguments: Any, **further: Any) -> Made:
        name, attributes = make(*arguments, **further)
        iam._roles[name][BOUNDARY] = arguments[properties_at].get(BOUNDARY)
        return name, attributes

    return operation


def _request(name: str, properties: Properties) -> dict[str, Any]:
    pattern = properties.get("EventPattern")
    return {
        "ArchiveName": name,
        "EventSourceArn": properties["SourceArn"],
        "EventPattern": json.dumps(pattern) if pattern else "",
        "RetentionDays": int(properties.get("RetentionDays", 0)),
        "Description": properties.get("Description", ""),
    }


def _made(name: str, answer: tuple[int, Any, Any]) -> Made:
    status, _, body = answer
    if status != OK:
        raise ValueError(f"archive {name}: {body!r}")
    return name, {"Arn": json.loads(body)["ArchiveArn"]}
