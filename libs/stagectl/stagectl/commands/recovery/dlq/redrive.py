"""Redrive the messages of dead-letter queues."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from typing import Annotated, Any

import typer

from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.recovery.dlq._queues import queues_of
from stagectl.errors import UsageError
from stagectl.recovery import dead_letters
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.recovery.destinations import Outcome
from stagectl.recovery.redrive import DEFAULT_PER_SECOND, STAYING, Redrive, Step
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def redrive(
    queue: Annotated[
        str | None,
        typer.Argument(
            metavar="QUEUE",
            autocompletion=completion.dead_letter_queues,
            help="Name of the queue; the prefix {service}-{stage}- may be omitted.",
        ),
    ] = None,
    *,
    stage: StageName = LOCAL_STAGE,
    everything: Annotated[bool, typer.Option("--all", help="All dead-letter queues of the stage.")] = False,
    rate: Annotated[
        float, typer.Option("--rate", metavar="N", min=0.01, max=1000, help="Most messages per second.")
    ] = DEFAULT_PER_SECOND,
    at_most: Annotated[
        int | None,
        typer.Option("--max", metavar="N", min=1, help="Most messages per queue.  \\[default: all]"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be redriven.")] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Redrive dead-letter messages to their consumers, once the cause of the failure is fixed.

    Each message is sent before it is deleted, so an interruption loses none. It may duplicate one, which
    consumers recognise. Events that could not be published are published. Exits with 1 when messages could
    not be redriven.

    For example:

        stagectl dlq redrive order-placed-dlq

        stagectl dlq redrive --all --stage dev --rate 2 --dry-run
    """
    if everything == (queue is not None):
        raise UsageError("Name one queue, or pass --all.")
    _, queues = queues_of(stage, emulator=emulator)
    chosen = [dead_letters.choose(queues, queue)] if queue is not None else queues
    work = Redrive.on_entered_target(per_second=rate)
    documents: list[dict[str, Any]] = []
    failed = False
    for each in chosen:
        if not each.messages:
            console.say(f"{each.name}: empty")
        elif dry_run:
            _show_all(each, planned := work.plan(each, at_most=at_most))
            documents.append(_counts_document(each, Counter(step.outcome for step in planned), planned=True))
        else:
            counts = _run(work, each, at_most)
            documents.append(_counts_document(each, counts, planned=False))
            failed = failed or any(counts[outcome] for outcome in STAYING)
    if as_json:
        console.result(json_document.text(documents))
    else:
        for document in documents:
            console.result(_summary(document))
    if failed:
        raise typer.Exit(1)


def _run(work: Redrive, queue: DeadLetterQueue, at_most: int | None) -> Counter[Outcome]:
    counts: Counter[Outcome] = Counter()
    try:
        with closing(work.run(queue, at_most=at_most)) as steps:
            for step in steps:
                counts[step.outcome] += 1
                _show(queue, step, f"{sum(counts.values())}/{queue.messages}")
    except BaseException:
        console.say(f"Interrupted. {_summary(_counts_document(queue, counts, planned=False))}")
        raise
    return counts


def _show_all(queue: DeadLetterQueue, steps: Sequence[Step]) -> None:
    for number, step in enumerate(steps, start=1):
        _show(queue, step, f"{number}/{queue.messages}")


def _show(queue: DeadLetterQueue, step: Step, progress: str) -> None:
    console.say(f"{queue.name} {progress}: {step.message.message_id} {step.outcome.value}: {step.note}")


def _counts_document(queue: DeadLetterQueue, counts: Counter[Outcome], *, planned: bool) -> dict[str, Any]:
    return {
        "queue": queue.name,
        "dryRun": planned,
        **{outcome.name.lower(): counts[outcome] for outcome in Outcome},
    }


def _summary(document: dict[str, Any]) -> str:
    counted = [
        f"{document[outcome.name.lower()]} {outcome.value}"
        for outcome in Outcome
        if document[outcome.name.lower()]
    ]
    said = ", ".join(counted) or "nothing sent"
    return f"{document['queue']}: " + (f"would be {said}" if document["dryRun"] else said)
