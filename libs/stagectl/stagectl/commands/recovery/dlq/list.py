"""List dead-letter queues."""

from datetime import UTC, datetime
from typing import Any

from stagectl import aws
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.recovery.dlq._queues import queues_of
from stagectl.recovery import messages
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import shown_duration


def list_queues(
    *, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False
) -> None:
    """List the dead-letter queues of a stage with message count, age of the oldest message, and source.

    For example:

        stagectl dlq list

        stagectl dlq list --stage dev --json
    """
    _, queues = queues_of(stage, emulator=emulator)
    sqs = aws.session().client("sqs")
    oldest = {queue.name: messages.oldest_sent_at(sqs, queue) for queue in queues}
    if as_json:
        console.result(json_document.text([_document(queue, oldest[queue.name]) for queue in queues]))
        return
    now = datetime.now(tz=UTC)
    rows = [("queue", "messages", "oldest", "source")]
    for queue in queues:
        sent_at = oldest[queue.name]
        rows.append(
            (
                queue.name,
                str(queue.messages),
                shown_duration(now - sent_at) if sent_at else "-",
                ", ".join(source.name for source in queue.sources) or "-",
            )
        )
    width = max(len(row[0]) for row in rows)
    for name, count, age, sources in rows:
        console.result(f"{name:<{width}}  {count:>8}  {age:>6}  {sources}")
    if not any(queue.messages for queue in queues):
        console.say("All dead-letter queues are empty." if queues else "There are no dead-letter queues.")


def _document(queue: DeadLetterQueue, oldest: datetime | None) -> dict[str, Any]:
    return {
        "name": queue.name,
        "messages": queue.messages,
        "oldestSentAt": oldest,
        "sources": [source.name for source in queue.sources],
    }
