"""Options and look-ups of the commands for dead-letter queues."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands import completion
from stagectl.recovery import dead_letters
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.stages import lifecycle

QueueName = Annotated[
    str,
    typer.Argument(
        metavar="QUEUE",
        autocompletion=completion.dead_letter_queues,
        help="Name of the queue; the prefix {service}-{stage}- may be omitted.",
    ),
]


def queues_of(raw_stage: str, *, emulator: bool) -> tuple[str, list[DeadLetterQueue]]:
    """Select a stage; return its name and its dead-letter queues."""
    stage = lifecycle.find(Checkout.here(), raw_stage, use_emulator=emulator)
    lifecycle.enter_deployed(stage)
    return stage.name, dead_letters.of_stage(stage.name, stage.stacks.values())
