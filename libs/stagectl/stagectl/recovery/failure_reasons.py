"""Why a message failed: SQS does not store the reason, but its consumer logs it with the message's id."""

from typing import TYPE_CHECKING, Any, Self

from stagectl import aws
from stagectl.recovery.dead_letters import Queue
from stagectl.recovery.message_content import UnreadableError, document_of, reason_in
from stagectl.recovery.messages import Message

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_logs.client import CloudWatchLogsClient


class FailureReasons:
    """Finds reasons in the logs of a queue's consumers.

    Args:
        lambda_: Client that knows which functions read a queue.
        logs: Client of their logs.
    """

    def __init__(self, lambda_: "LambdaClient", logs: "CloudWatchLogsClient") -> None:
        self._lambda = lambda_
        self._logs = logs
        self._groups: dict[str, list[str]] = {}

    @classmethod
    def of_entered_target(cls) -> Self:
        """Return an instance for the target that was entered last."""
        session = aws.session()
        return cls(session.client("lambda"), session.client("logs"))

    def of(self, message: Message, source: Queue | None) -> str | None:
        """Return the last known reason: from the message itself, else from its consumers' logs."""
        with_it = message.reason or reason_in(message.body)
        if with_it or source is None:
            return with_it
        lines = [line for group in self._log_groups(source.arn) for line in self._lines(group, message)]
        return max(lines, default=(0, None), key=lambda line: line[0])[1]

    def _log_groups(self, queue_arn: str) -> list[str]:
        if queue_arn not in self._groups:
            pages = self._lambda.get_paginator("list_event_source_mappings").paginate(
                EventSourceArn=queue_arn
            )
            # The ARN may go on after the name, with an alias.
            names = {
                mapping["FunctionArn"].split(":")[6]
                for page in pages
                for mapping in page["EventSourceMappings"]
            }
            self._groups[queue_arn] = [f"/aws/lambda/{name}" for name in sorted(names)]
        return self._groups[queue_arn]

    def _lines(self, group: str, message: Message) -> list[tuple[int, str]]:
        try:
            pages = self._logs.get_paginator("filter_log_events").paginate(
                logGroupName=group,
                startTime=round(message.sent_at.timestamp() * 1000),
                filterPattern=f'"{message.message_id}"',
            )
            events = [event for page in pages for event in page["events"]]
        except self._logs.exceptions.ResourceNotFoundException:
            return []
        reasons = ((event["timestamp"], _reason(event["message"], message.message_id)) for event in events)
        return [(timestamp, reason) for timestamp, reason in reasons if reason is not None]


def _reason(line: str, message_id: str) -> str | None:
    try:
        entry = document_of(line)
    except UnreadableError:
        return None
    if not isinstance(entry, dict) or entry.get("message_id") != message_id or entry.get("level") != "ERROR":
        return None
    reasons = entry.get("reasons")
    listed = reasons if isinstance(reasons, list) else []
    parts = [entry.get("message"), entry.get("exception_name"), *map(_one_line, listed)]
    return ": ".join(str(part) for part in parts if part) or None


def _one_line(reason: Any) -> str:
    return " ".join(map(str, reason.values())) if isinstance(reason, dict) else str(reason)
