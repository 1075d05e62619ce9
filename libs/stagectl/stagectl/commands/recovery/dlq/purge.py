"""Delete the messages of a dead-letter queue."""

from typing import Annotated

import typer

from stagectl import aws
from stagectl.commands import confirmation
from stagectl.commands.options import OnEmulator, StageName
from stagectl.commands.recovery.dlq._queues import QueueName, queues_of
from stagectl.recovery import dead_letters
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console


def purge(
    queue: QueueName,
    *,
    stage: StageName = LOCAL_STAGE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    emulator: OnEmulator = False,
) -> None:
    """Delete all messages of a dead-letter queue for good. Asks for the queue's name first.

    For example:

        stagectl dlq purge order-placed-dlq

        stagectl dlq purge order-placed-dlq --stage pr-1 --yes
    """
    stage_name, queues = queues_of(stage, emulator=emulator)
    chosen = dead_letters.choose(queues, queue)
    if not chosen.messages:
        console.say(f"{chosen.name} is empty.")
        return
    console.say(f"{chosen.name} holds {_messages(chosen.messages)}. Deleted messages cannot be recovered.")
    if not yes:
        confirmation.require(
            stage_name,
            "the queue's name",
            {chosen.name, chosen.short_name},
            look_first="Look at the messages first: stagectl dlq peek.",
        )
    aws.session().client("sqs").purge_queue(QueueUrl=chosen.url)
    console.result(f"{chosen.name}: {_messages(chosen.messages)} deleted")


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
