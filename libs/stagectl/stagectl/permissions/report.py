"""Grants beside the calls that used them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagectl.permissions.calls import Call, recorded
from stagectl.permissions.grants import Grant, granted

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True)
class Line:
    """A grant, and how often it was used.

    Attributes:
        grant: What may be done.
        calls: How often it was.
    """

    grant: Grant
    calls: int


def of_stage(
    session: "boto3.Session",
    endpoint: str,
    stage: str,
    services: Iterable[str],
    *,
    also: Collection[str] = (),
) -> list[Line]:
    """Return the grants of a stage's functions, each with the number of calls.

    Args:
        session: Session on the emulator, as its root.
        endpoint: The emulator's URL.
        stage: The stage, deployed.
        services: Names of the services.
        also: Further stages, up or gone, whose calls count as this one's.
    """
    return compare(granted(session, stage, services), recorded(endpoint, {stage, *also}))


def compare(grants: Iterable[Grant], calls: Sequence[Call]) -> list[Line]:
    """Return the grants in order, each with the calls that it allowed."""
    return [
        Line(grant, sum(call.count for call in calls if _allows(grant, call))) for grant in sorted(grants)
    ]


def _allows(grant: Grant, call: Call) -> bool:
    return (
        grant.function == call.function
        and _fits(grant.action.lower(), call.action.lower())
        and _fits(grant.resource, call.resource)
    )


def _fits(pattern: str, text: str) -> bool:
    """Return whether a text fits a pattern as IAM reads it, where only `*` and `?` are special."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.fullmatch("".join(parts), text, flags=re.DOTALL) is not None
