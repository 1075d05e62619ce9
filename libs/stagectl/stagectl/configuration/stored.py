"""One configuration as SSM keeps it, with its versions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stagectl.errors import StagectlError, UsageError

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

CANARY = "canary"
"""The reserved field of service_kit.parameters, whose import takes longer than most commands run."""

MOST_BYTES = 4096
"""What a standard parameter of SSM holds; one that holds more is billed."""


@dataclass(frozen=True)
class Version:
    """One version of a configuration.

    Attributes:
        number: Its number; 0 while there is no parameter.
        text: Its JSON.
        at: When it was written; None while there is no parameter.
        by: ARN of who wrote it; empty where it is not known.
    """

    number: int = 0
    text: str = "{}"
    at: datetime | None = None
    by: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """All fields; a text that is no JSON object has none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the function's model, without a canary."""
        return {name: value for name, value in self.document.items() if name != CANARY}

    @property
    def has_running_canary(self) -> bool:
        """Whether a candidate serves a share of the invocations."""
        canary = self.document.get(CANARY)
        until = canary.get("until") if isinstance(canary, dict) else None
        return until is not None and datetime.fromisoformat(until) > datetime.now(UTC)


class StoredConfiguration:
    """A configuration in SSM.

    Args:
        ssm: Client of the stage's target.
        name: Name of the parameter.
    """

    def __init__(self, ssm: "SSMClient", name: str) -> None:
        self._ssm = ssm
        self.name = name

    def newest(self) -> Version:
        """Return the newest version."""
        try:
            found = self._ssm.get_parameter(Name=self.name)["Parameter"]
        except self._ssm.exceptions.ParameterNotFound:
            return Version()
        return Version(found["Version"], found["Value"], found["LastModifiedDate"])

    def versions(self) -> list[Version]:
        """Return the versions that SSM keeps, up to a hundred, the newest first."""
        return sorted(self._kept(), key=lambda version: -version.number)

    def _kept(self) -> Iterator[Version]:
        try:
            for page in self._ssm.get_paginator("get_parameter_history").paginate(Name=self.name):
                for one in page["Parameters"]:
                    user = one.get("LastModifiedUser", "")
                    yield Version(one["Version"], one["Value"], one["LastModifiedDate"], user)
        except self._ssm.exceptions.ParameterNotFound:
            return

    def write(self, fields: Mapping[str, Any], *, after: int) -> int:
        """Write a version, and return its number.

        SSM cannot write on a condition. What another program wrote before is never replaced; what it writes
        in the same moment may be, which the numbers show.

        Args:
            fields: The whole configuration.
            after: Number of the version that it replaces.

        Raises:
            UsageError: It is too large, or another version is the newest; nothing was written.
            StagectlError: Another program wrote in the same moment, and its version was replaced.
        """
        text = json.dumps(fields, ensure_ascii=False)
        if (size := len(text.encode())) > MOST_BYTES:
            raise UsageError(
                f"Nothing was written, as {self.name} would have {size} bytes, and SSM's standard parameters "
                f"hold {MOST_BYTES}."
            )
        if (found := self.newest().number) != after:
            raise UsageError(
                f"Nothing was written, as version {found} of {self.name} was found and {after} expected. See "
                "stagectl config history."
            )
        try:
            written = self._ssm.put_parameter(
                Name=self.name, Type="String", Tier="Standard", Value=text, Overwrite=after > 0
            )["Version"]
        except self._ssm.exceptions.ParameterAlreadyExists:
            raise UsageError(f"Nothing was written, as another program has created {self.name}.") from None
        if written != after + 1:
            raise StagectlError(
                f"Version {written} of {self.name} was written and {after + 1} expected: another program "
                f"wrote in the same moment, and version {written} has replaced its version. Compare them: "
                "stagectl config history. Then write again what shall hold."
            )
        return written


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return a line for each field that differs."""
    lines = []
    for name in sorted({*before, *after}):
        old, new = (json.dumps(one[name]) if name in one else None for one in (before, after))
        if old == new:
            continue
        if old is None:
            lines.append(f"+ {name}: {new}")
        elif new is None:
            lines.append(f"- {name}: {old}")
        else:
            lines.append(f"~ {name}: {old} → {new}")
    return lines
