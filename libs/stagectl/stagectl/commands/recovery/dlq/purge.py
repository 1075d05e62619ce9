"""Delete the messages of a dead-letter queue."""

from typing import Annotated

import typer

from stagectl import aws
from stagectl.commands import confirmation
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.recovery.dlq._queues import QueueName, queues_of
from stagectl.recovery import dead_letters
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def purge(
    queue: QueueName,
    *,
    stage: StageName = LOCAL_STAGE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Delete all messages of a dead-letter queue for good. Asks for the queue's name first.

    For example:

        stagectl dlq purge order-placed-dlq

        stagectl dlq purge order-placed-dlq --stage pr-1 --yes
    """
    stage_name, queues = queues_of(stage, emulator=emulator)
    chosen = dead_letters.choose(queues, queue)
    if chosen.messages:
        _purge(stage_name, chosen, is_confirmed=yes)
    else:
        console.say(f"{chosen.name} is empty.")
    if as_json:
        console.result(json_document.text({"queue": chosen.name, "deleted": chosen.messages}))
    elif chosen.messages:
        console.result(f"{chosen.name}: {_messages(chosen.messages)} deleted")


def _purge(stage_name: str, chosen: DeadLetterQueue, *, is_confirmed: bool) -> None:
    console.say(f"{chosen.name} holds {_messages(chosen.messages)}. Deleted messages cannot be recovered.")
    if not is_confirmed:
        confirmation.require(
            stage_name,
            "the queue's name",
            {chosen.name, chosen.short_name},
            look_first="Look at the messages first: stagectl dlq peek.",
        )
    aws.session().client("sqs").purge_queue(QueueUrl=chosen.url)


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
