"""The record of what operators did to users, and of rollbacks: a log group of auth's stack.

It names no person. A user stands there by a key that follows from the user id, and not the other way round:
an id is random, so nobody can find it by trying. So the record of an erasure may stay.
"""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from stagectl import aws
from stagectl.errors import StagectlError
from stagectl.people.user_pool import OWNER

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient

_KEYS = uuid.UUID("1f0c8a5e-6f5b-4f62-9a3c-0d8d2c6b7e41")


@dataclass(frozen=True)
class Record:
    """One action of an operator.

    Attributes:
        at: When.
        by: ARN of the caller.
        action: Name of the command, with what it did.
        user: Key of the user; empty when it was not about one.
    """

    at: datetime
    by: str
    action: str
    user: str


def key_of(user_id: str) -> str:
    """Return the key of a user, which is also the id of their erasure."""
    return str(uuid.uuid5(_KEYS, user_id))


class Audit:
    """Writes and reads the record.

    Args:
        logs: Client of the stage's target.
        stage: The stage.
        caller: ARN of who acts.
    """

    def __init__(self, logs: "CloudWatchLogsClient", stage: str, caller: str) -> None:
        self._logs = logs
        self._group = f"/{OWNER}/{stage}/users-audit"
        self._stage = stage
        self._caller = caller
        self._stream = ""

    @classmethod
    def of_stage(cls, stage: str) -> Self:
        """Return the record of a stage, whose target must have been entered."""
        session = aws.session()
        return cls(session.client("logs"), stage, session.client("sts").get_caller_identity()["Arn"])

    def open(self) -> Self:
        """Prepare for writing, so that who may not write the record changes nothing.

        Raises:
            StagectlError: The stage has no such log group.
        """
        stream = f"{datetime.now(tz=UTC):%Y/%m/%d}/{uuid.uuid4()}"
        try:
            self._logs.create_log_stream(logGroupName=self._group, logStreamName=stream)
        except self._logs.exceptions.ResourceNotFoundException:
            raise self._missing() from None
        self._stream = stream
        return self

    def write(self, action: str, user_id: str = "") -> None:
        """Record an action, mostly on a user. The record must have been opened."""
        user = key_of(user_id) if user_id else ""
        message = json.dumps({"by": self._caller, "action": action, "user": user})
        self._logs.put_log_events(
            logGroupName=self._group,
            logStreamName=self._stream,
            logEvents=[{"timestamp": round(time.time() * 1000), "message": message}],
        )

    def read(self, *, user: str | None = None, since: datetime | None = None) -> Iterator[Record]:
        """Yield the actions, the oldest first.

        Args:
            user: Key of the only user.
            since: When to begin.

        Raises:
            StagectlError: The stage has no such log group.
        """
        start = round(since.timestamp() * 1000) if since else 0
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self._group, startTime=start
        )
        try:
            events = [event for page in pages for event in page["events"]]
        except self._logs.exceptions.ResourceNotFoundException:
            raise self._missing() from None
        for event in sorted(events, key=lambda event: event["timestamp"]):
            written = json.loads(event["message"])
            if user in {None, written["user"]}:
                at = datetime.fromtimestamp(event["timestamp"] / 1000, tz=UTC)
                yield Record(at, written["by"], written["action"], written["user"])

    def _missing(self) -> StagectlError:
        return StagectlError(
            f"Stage {self._stage} has no log group {self._group}, so nothing would be recorded. Deploy it: "
            f"stagectl up --stage {self._stage} --service {OWNER}."
        )
