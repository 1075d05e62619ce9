"""Commands about what failed: the dead-letter queues of a stage."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.errors import UsageError
from stagectl.recovery import dead_letters, messages, redrive
from stagectl.recovery.dead_letters import DeadLetterQueue
from stagectl.recovery.destinations import Outcome
from stagectl.recovery.failure_reasons import FailureReasons
from stagectl.recovery.message_report import report
from stagectl.recovery.redrive import STAYING, Redrive, Step
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console
from stagectl.terminal.spans import shown_age

GUARDED = frozenset({"prod"})
"""Stages whose queues are not purged after a typed name alone."""

MOST_SHOWN_CHARACTERS = 20_000

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "List, look at, bring back and throw away what consumers could not work on.\n\n"
        "For example:\n\n"
        "    stagectl dlq list --stage dev\n\n"
        "    stagectl dlq redrive order-placed-dlq --stage dev"
    ),
)

QueueName = Annotated[
    str, typer.Argument(metavar="QUEUE", help="Its name; {service}-{stage}- may be left out.")
]


def register(to: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("list")(list_queues)
    app.command()(peek)
    app.command("redrive")(bring_home)
    app.command()(purge)
    to.add_typer(app, name="dlq", rich_help_panel="Getting back what failed")


def list_queues(
    *, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False
) -> None:
    """List the dead-letter queues of a stage: how many messages, the age of the oldest, and the source.

    For example:

        stagectl dlq list

        stagectl dlq list --stage dev --json
    """
    _, queues = _enter(stage, emulator=emulator)
    sqs = aws.session().client("sqs")
    oldest = {queue.name: messages.oldest_sent_at(sqs, queue) for queue in queues}
    if as_json:
        console.result(json.dumps([_queue_document(queue, oldest[queue.name]) for queue in queues], indent=2))
        return
    now = datetime.now(tz=UTC)
    rows = [("queue", "messages", "oldest", "source")]
    for queue in queues:
        sent_at = oldest[queue.name]
        rows.append(
            (
                queue.name,
                str(queue.messages),
                shown_age(now - sent_at) if sent_at else "-",
                ", ".join(source.name for source in queue.sources) or "-",
            )
        )
    width = max(len(row[0]) for row in rows)
    for name, count, age, sources in rows:
        console.result(f"{name:<{width}}  {count:>8}  {age:>6}  {sources}")
    if not any(queue.messages for queue in queues):
        console.say("All dead-letter queues are empty." if queues else "There are no dead-letter queues.")


def peek(
    queue: QueueName,
    *,
    stage: StageName = LOCAL_STAGE,
    count: Annotated[int, typer.Option("--count", "-n", metavar="N", min=1, help="How many to show.")] = 5,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Show messages of a dead-letter queue with the reasons of their failures. They stay where they are.

    For example:

        stagectl dlq peek order-placed-dlq

        stagectl dlq peek orders-dev-restaurant-notified-dlq --stage dev --count 20
    """
    _, queues = _enter(stage, emulator=emulator)
    chosen = dead_letters.choose(queues, queue)
    sqs = aws.session().client("sqs")
    with messages.borrowed(sqs, chosen.url, at_most=count) as borrowed:
        looked_at = list(borrowed)
    documents = report(chosen, looked_at, FailureReasons.of_entered_target())
    if as_json:
        console.result(json.dumps(documents, indent=2))
        return
    if not documents:
        console.say(f"{chosen.name} is empty.")
    for document in documents:
        _print_letter(document)


def bring_home(
    queue: Annotated[
        str | None, typer.Argument(metavar="QUEUE", help="Its name; {service}-{stage}- may be left out.")
    ] = None,
    *,
    stage: StageName = LOCAL_STAGE,
    everything: Annotated[bool, typer.Option("--all", help="All dead-letter queues of the stage.")] = False,
    rate: Annotated[
        float, typer.Option("--rate", metavar="N", min=0.01, max=1000, help="How many in a second at most.")
    ] = redrive.DEFAULT_PER_SECOND,
    at_most: Annotated[
        int | None, typer.Option("--max", metavar="N", min=1, help="How many of each queue; all by default.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Bring messages back to where they failed; do that once the cause is mended.

    Each is sent before it is deleted, so none is lost when this is broken off; one may then come twice, which
    consumers recognise. Events that could not be published are published. Exits with 1 when some could not be
    redriven.

    For example:

        stagectl dlq redrive order-placed-dlq

        stagectl dlq redrive --all --stage dev --rate 2 --dry-run
    """
    if everything == (queue is not None):
        raise UsageError("Name one queue, or say --all")
    _, queues = _enter(stage, emulator=emulator)
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
        console.result(json.dumps(documents, indent=2))
    else:
        for document in documents:
            console.result(_summary(document))
    if failed:
        raise typer.Exit(1)


def purge(
    queue: QueueName,
    *,
    stage: StageName = LOCAL_STAGE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    emulator: OnEmulator = False,
) -> None:
    """Throw away all messages of a dead-letter queue, for ever. Asks for the queue's name first.

    For example:

        stagectl dlq purge order-placed-dlq

        stagectl dlq purge order-placed-dlq --stage pr-1 --yes
    """
    place, queues = _enter(stage, emulator=emulator)
    chosen = dead_letters.choose(queues, queue)
    if not chosen.messages:
        console.say(f"{chosen.name} is empty.")
        return
    console.say(f"{chosen.name} holds {_messages(chosen.messages)}. They cannot be brought back afterwards.")
    if not yes:
        if place in GUARDED:
            raise UsageError(
                f"On stage {place} this wants --yes. Have you looked at them? (stagectl dlq peek)"
            )
        if not _somebody_is_there():
            raise UsageError("Nobody is there to be asked: say --yes")
        typed = typer.prompt("Type the queue's name to go on", err=True)
        if typed not in {chosen.name, chosen.short_name}:
            raise UsageError("That is not its name; nothing was thrown away")
    aws.session().client("sqs").purge_queue(QueueUrl=chosen.url)
    console.result(f"{chosen.name}: {_messages(chosen.messages)} thrown away")


def _somebody_is_there() -> bool:
    return sys.stdin.isatty()


def _print_letter(document: dict[str, Any]) -> None:
    console.result(f"{document['kind']} {document['id']}")
    console.result(f"  sent      {document['sentAt']}")
    console.result(
        f"  received  {document['receiveCount']} times, first {document['firstReceivedAt'] or 'unknown'}"
    )
    console.result(f"  reason    {document['reason'] or 'not known: the logs of its consumer may be gone'}")
    payload = json.dumps(document["payload"], indent=2, ensure_ascii=False)
    if len(payload) > MOST_SHOWN_CHARACTERS:
        payload = f"{payload[:MOST_SHOWN_CHARACTERS]}\n… ({len(payload)} characters; --json shows all)"
    console.result(f"{payload}\n")


def _enter(raw_stage: str, *, emulator: bool) -> tuple[str, list[DeadLetterQueue]]:
    place = lifecycle.find(Checkout.of_this_file(), raw_stage, use_emulator=emulator)
    lifecycle.enter_deployed(place)
    return place.name, dead_letters.of_stage(place.name, place.stacks.values())


def _run(work: Redrive, queue: DeadLetterQueue, at_most: int | None) -> Counter[Outcome]:
    counts: Counter[Outcome] = Counter()
    try:
        with closing(work.run(queue, at_most=at_most)) as steps:
            for step in steps:
                counts[step.outcome] += 1
                _show(queue, step, f"{sum(counts.values())}/{queue.messages}")
    except BaseException:
        console.say(f"Broken off. {_summary(_counts_document(queue, counts, planned=False))}")
        raise
    return counts


def _show_all(queue: DeadLetterQueue, steps: Sequence[Step]) -> None:
    for number, step in enumerate(steps, start=1):
        _show(queue, step, f"{number}/{queue.messages}")


def _show(queue: DeadLetterQueue, step: Step, progress: str) -> None:
    console.say(f"{queue.name} {progress}: {step.letter.message_id} {step.outcome.value}: {step.note}")


def _queue_document(queue: DeadLetterQueue, oldest: datetime | None) -> dict[str, Any]:
    return {
        "name": queue.name,
        "messages": queue.messages,
        "oldestSentAt": oldest.isoformat() if oldest else None,
        "sources": [source.name for source in queue.sources],
    }


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


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
