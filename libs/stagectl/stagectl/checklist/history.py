"""What is kept of releases and migrations: SSM parameters of the stage, with their versions as history."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from stagectl import aws

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

_OWNER = "shared-infra"


class History:
    """Keeps documents under names of a stage.

    Args:
        ssm: Client of the stage's target.
        stage: The stage.
        caller: Who acts, for the record.
    """

    def __init__(self, ssm: "SSMClient", stage: str, caller: str) -> None:
        self._ssm = ssm
        self._stage = stage
        self.caller = caller

    @classmethod
    def of_stage(cls, stage: str) -> Self:
        """Return what is kept of a stage, whose target must have been entered."""
        session = aws.session()
        return cls(session.client("ssm"), stage, session.client("sts").get_caller_identity()["Arn"])

    def read(self, name: str) -> dict[str, Any] | None:
        """Return the newest document of a name, or None."""
        try:
            parameter = self._ssm.get_parameter(Name=self._path(name))["Parameter"]
        except self._ssm.exceptions.ParameterNotFound:
            return None
        document: dict[str, Any] = json.loads(parameter["Value"])
        return document

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Keep a document as the newest of a name; SSM keeps the hundred before."""
        said = json.dumps({**document, "by": self.caller, "at": _now()})
        self._ssm.put_parameter(Name=self._path(name), Type="String", Value=said, Overwrite=True)

    def all(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the documents of a name, the newest first."""
        try:
            pages = self._ssm.get_paginator("get_parameter_history").paginate(Name=self._path(name))
            versions = [version for page in pages for version in page["Parameters"]]
        except self._ssm.exceptions.ParameterNotFound:
            return
        for version in sorted(versions, key=lambda version: -version["Version"]):
            yield json.loads(version["Value"])

    def _path(self, name: str) -> str:
        return f"/{_OWNER}/{self._stage}/{name}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
