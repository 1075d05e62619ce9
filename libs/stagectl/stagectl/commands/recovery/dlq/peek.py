"""Show the messages of a dead-letter queue."""

import json
from typing import Annotated, Any

import typer

from stagectl import aws
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.recovery.dlq._queues import QueueName, queues_of
from stagectl.recovery import dead_letters, messages
from stagectl.recovery.failure_reasons import FailureReasons
from stagectl.recovery.message_report import report
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.json_document import shown_time

MOST_SHOWN_CHARACTERS = 20_000


def peek(
    queue: QueueName,
    *,
    stage: StageName = LOCAL_STAGE,
    count: Annotated[
        int, typer.Option("--count", "-n", metavar="N", min=1, help="Number of messages to show.")
    ] = 5,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Show messages of a dead-letter queue and why they failed. The messages stay in the queue.

    For example:

        stagectl dlq peek order-placed-dlq

        stagectl dlq peek orders-dev-restaurant-notified-dlq --stage dev --count 20
    """
    _, queues = queues_of(stage, emulator=emulator)
    chosen = dead_letters.choose(queues, queue)
    sqs = aws.session().client("sqs")
    with messages.borrowed(sqs, chosen.url, at_most=count) as borrowed:
        looked_at = list(borrowed)
    documents = report(chosen, looked_at, FailureReasons.of_entered_target())
    if as_json:
        console.result(json_document.text(documents))
        return
    if not documents:
        console.say(f"{chosen.name} is empty.")
    for document in documents:
        _print_message(document)


def _print_message(document: dict[str, Any]) -> None:
    console.result(f"{document['kind']} {document['id']}")
    first = shown_time(document["firstReceivedAt"]) if document["firstReceivedAt"] else "unknown"
    console.result(f"  sent      {shown_time(document['sentAt'])}")
    console.result(f"  received  {document['receiveCount']} times, first {first}")
    console.result(
        f"  reason    {document['reason'] or 'not known: the logs of its consumer may have expired'}"
    )
    payload = json.dumps(document["payload"], indent=2, ensure_ascii=False)
    if len(payload) > MOST_SHOWN_CHARACTERS:
        payload = f"{payload[:MOST_SHOWN_CHARACTERS]}\n… ({len(payload)} characters; --json shows all)"
    console.result(f"{payload}\n")
