"""Delete the messages of a dead-letter queue."""

import sys
from typing import Annotated

import typer

from stagectl import aws
from stagectl.commands.options import OnEmulator, StageName
from stagectl.commands.recovery.dlq._queues import QueueName, queues_of
from stagectl.errors import UsageError
from stagectl.recovery import dead_letters
from stagectl.targets.production import PRODUCTION
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
        if stage_name == PRODUCTION:
            raise UsageError(
                f"Stage {stage_name} needs --yes. Look at the messages first: stagectl dlq peek."
            )
        if not _is_terminal():
            raise UsageError("Not a terminal: pass --yes.")
        typed = typer.prompt("Type the queue's name to delete them", err=True)
        if typed not in {chosen.name, chosen.short_name}:
            raise UsageError("That is not the queue's name. Nothing was deleted.")
    aws.session().client("sqs").purge_queue(QueueUrl=chosen.url)
    console.result(f"{chosen.name}: {_messages(chosen.messages)} deleted")


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
