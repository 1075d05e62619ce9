"""The whole life of a preview, command by command, with a transcript that can be shared."""

import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stagectl import aws
from stagectl.aws import refusals
from stagectl.checkout import Checkout
from stagectl.preview_life import inventory
from stagectl.preview_life.transcript_redaction import redacted
from stagectl.system.child_process import Children, Completed
from stagectl.targets import preview_name, provenance
from stagectl.targets.emulator import Emulator
from stagectl.targets.stage_name import name_on_stage
from stagectl.terminal import console
from stagectl.terminal.json_document import shown_time

QUICK_TESTS = "test_list_restaurants or test_follow_orders or test_event_bus"
"""The end-to-end tests of a quick run: the catalogue, an order until its notification, and events."""

_CHANGED, _CHANGE = "events", "logLevel=DEBUG"
_LINES_SHOWN = 200
_SECRET_VARIABLE = re.compile(r"SECRET|TOKEN|PASSWORD|ACCESS_KEY")
_SHORTEST_SECRET = 8

Run = Callable[[Sequence[str]], Completed]
"""Runs stagectl with arguments."""


@dataclass(frozen=True)
class Step:
    """One command of the life.

    Attributes:
        title: What it shows.
        arguments: Arguments of stagectl.
        is_right: Returns whether it succeeded.
    """

    title: str
    arguments: tuple[str, ...]
    is_right: Callable[[Completed], bool] = lambda ended: ended.exit_code == 0


@dataclass(frozen=True)
class Taken:
    """A completed step."""

    step: Step
    ended: Completed
    is_right: bool


@dataclass
class Acceptance:
    """One run.

    Attributes:
        stage: Name of the temporary stage.
        place: Where it is, for people.
        taken: The steps so far.
        left: Resources that exist at the end and did not before.
        was_interrupted: Whether it was interrupted.
    """

    stage: str
    place: str
    taken: list[Taken] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    was_interrupted: bool = False

    @property
    def passed(self) -> bool:
        """Whether every step succeeded, and nothing is left."""
        return not self.was_interrupted and not self.left and all(one.is_right for one in self.taken)


def temporary_name() -> str:
    """Return a stage name that is unique to this run."""
    return f"{preview_name.PREFIX}accept-{secrets.token_hex(3)}"


def steps_of(stage: str, *, quick: bool, services: Sequence[str]) -> list[Step]:
    """Return the commands of a preview's life, except its removal.

    Args:
        stage: Name of the stage.
        quick: Run some of the end-to-end tests instead of all.
        services: The stacks that the stage gets.
    """
    on = ("--stage", stage)
    tests = ("-k", QUICK_TESTS) if quick else ()
    unchanged = [rf"{service}\s+unchanged" for service in services]
    return [
        Step("Machine and account are ready", ("doctor", *on)),
        Step("The stage deploys", ("up", *on, "--no-seed", "--ttl", "1d")),
        Step("The secrets exist", ("configure", *on)),
        Step("Demo data loads", ("seed", *on)),
        Step("Public pages answer, all other routes refuse", ("smoke", *on)),
        Step("The end-to-end tests pass", ("test", *on, *tests)),
        Step(
            "Deploying again without changes skips every stack",
            ("up", *on, "--no-seed", "--ttl", "1d"),
            _says(*unchanged),
        ),
        Step(
            "Deploying again with one changed service",
            ("up", *on, "--no-seed", "--ttl", "1d", "--service", _CHANGED, "--param", _CHANGE),
            _says(rf"{_CHANGED}\s+deployed"),
        ),
        Step("Status", ("status", *on), _says("events", "CREATE_COMPLETE|UPDATE_COMPLETE")),
        Step(
            "Logs",
            ("logs", "events", *on, "--since", "1h"),
            _says(r"event-logger"),
        ),
        Step(
            "Dead-letter queues",
            ("dlq", "list", *on),
            _says(rf"{name_on_stage('events', '', stage)}"),
        ),
    ]


def run(acceptance: Acceptance, steps: Sequence[Step], stagectl: Run) -> None:
    """Run the steps until one fails, and always remove the stage.

    An interrupt ends the run after the stage is removed.
    """
    try:
        for step in steps:
            if not _take(acceptance, step, stagectl):
                break
    except KeyboardInterrupt:
        acceptance.was_interrupted = True
        console.say("Interrupted: removing the stage.")
    if any(one.step.arguments[0] == "up" for one in acceptance.taken) or acceptance.was_interrupted:
        on = ("--stage", acceptance.stage)
        _take(acceptance, Step("The stage is removed", ("down", *on)), stagectl)
        gone = Step("Nothing is left to remove", ("down", *on), _says("does not exist"))
        _take(acceptance, gone, stagectl)


def look_for_leftovers(acceptance: Acceptance) -> None:
    """Record resources of the stage that are left in the account; report those that may not be listed."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

    try:
        found = inventory.take(aws.session())
    except ClientError as error:
        if not refusals.is_denied(error):
            raise
        console.say("The credentials may not list all resources: only `down` looked for leftovers.")
        return
    acceptance.left = sorted(one for one in found if acceptance.stage in one)


def with_stagectl(checkout: Checkout, machine: Emulator | None) -> Run:
    """Return what runs the stagectl of a checkout, in the environment of this process.

    Args:
        checkout: The checkout.
        machine: The emulator that the stage is on, if it is on one of this checkout's.
    """
    environment = dict(os.environ)
    if machine:
        environment["BIGMOUTH_PORT"] = str(machine.port)
    on_emulator = ["--emulator"] if machine else []

    def stagectl(arguments: Sequence[str]) -> Completed:
        command = [str(checkout.python), "-m", "stagectl", *arguments, *on_emulator]
        return Children().run(command, cwd=checkout.root, environment=environment)

    return stagectl


def transcript(acceptance: Acceptance, checkout: Checkout, environment: Mapping[str, str]) -> str:
    """Return a run as Markdown, redacted.

    Args:
        acceptance: The run.
        checkout: The checkout that was deployed.
        environment: Environment whose secrets must not stand in it.
    """
    known = [
        value
        for name, value in environment.items()
        if _SECRET_VARIABLE.search(name) and len(value) >= _SHORTEST_SECRET
    ]
    parts = [
        "# Acceptance of Big Mouth",
        "",
        f"- outcome: **{_outcome(acceptance)}**",
        f"- place: {acceptance.place}",
        f"- stage: `{acceptance.stage}`",
        f"- commit: `{provenance.tags(checkout.root, acceptance.stage, time_to_live=timedelta())['commit']}`",
        f"- time: {shown_time(datetime.now(UTC))}",
        "",
        "Ids, addresses, keys and tokens are replaced by `<…>`.",
    ]
    for number, taken in enumerate(acceptance.taken, start=1):
        parts += ["", f"## {number}. {taken.step.title}", ""]
        outcome = "ok" if taken.is_right else "FAILED"
        code = taken.ended.exit_code
        command = f"`stagectl {' '.join(taken.step.arguments)}`"
        parts.append(f"{command}: {outcome}, exit code {code}, {taken.ended.seconds:.1f} s")
        lines = taken.ended.output.rstrip().splitlines()
        omitted = len(lines) - _LINES_SHOWN
        shown = [f"… {omitted} lines", *lines[omitted:]] if omitted > 0 else lines
        # Indented, so that nothing in it can end the block.
        parts += ["", *(f"    {line}" for line in shown)]
    if acceptance.left:
        parts += ["", "## Left behind", "", *(f"- {one}" for one in acceptance.left)]
    text = redacted("\n".join(parts) + "\n", known)
    return text.replace(str(checkout.root), "<checkout>").replace(str(Path.home()), "<home>")


def _take(acceptance: Acceptance, step: Step, stagectl: Run) -> bool:
    console.say(f"== {step.title}\n   stagectl {' '.join(step.arguments)}")
    ended = stagectl(step.arguments)
    taken = Taken(step, ended, step.is_right(ended))
    acceptance.taken.append(taken)
    console.say(f"   {'ok' if taken.is_right else 'FAILED'}  {ended.seconds:.1f} s")
    if not taken.is_right:
        console.say(ended.output.rstrip())
    return taken.is_right


def _says(*patterns: str) -> Callable[[Completed], bool]:
    return lambda ended: ended.exit_code == 0 and all(re.search(one, ended.output) for one in patterns)


def _outcome(acceptance: Acceptance) -> str:
    if acceptance.was_interrupted:
        return "interrupted"
    return "passed" if acceptance.passed else "failed"
