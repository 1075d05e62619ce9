"""What to do about an alarm stands in a runbook, and the alarm says where."""

import re
from typing import Any

import pytest
from typer.main import get_command

from stagectl.checkout.yaml_loader import load_mapping
from stagectl.cli import app

from .conftest import ROOT, STAGE, Compiled

RUNBOOKS = "docs/runbooks.md"
PARTS = ("What it means.", "What to look at.", "What to type", "How to know that it is over.")


def named_sections(compiled: dict[str, Compiled]) -> dict[str, str]:
    """Return the section that each alarm's description ends with, by the alarm's name."""
    return {
        alarm["AlarmName"]: alarm["AlarmDescription"].rstrip().rpartition(f" Runbook: {RUNBOOKS}#")[2]
        for template in compiled.values()
        for kind in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
        for alarm in template.of_type(kind).values()
    }


def sections() -> dict[str, str]:
    """Return the texts of the runbooks by their headings."""
    text = (ROOT / RUNBOOKS).read_text()
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def sections_for_any_service() -> set[str]:
    """Return the sections that a service's alarms may need, whether or not one has them today."""
    standard = load_mapping(ROOT / "shared-infra" / "signals" / "standard.yml")["standard"]
    return {signal["runbook"] for signal in standard.values()} | {"user-erasure-dlq"}


def stagectl_calls() -> list[str]:
    text = (ROOT / RUNBOOKS).read_text()
    return sorted(set(re.findall(r"stagectl ([a-z].*?)\s*(?:#.*|`.*)?$", text, flags=re.MULTILINE)))


def test_every_alarm_names_its_runbook_and_every_runbook_is_named(compiled: dict[str, Compiled]) -> None:
    named = set(named_sections(compiled).values())

    assert named <= sections().keys()
    assert sections().keys() - named <= sections_for_any_service()


def test_a_runbook_is_called_as_its_alarm_ends(compiled: dict[str, Compiled]) -> None:
    assert [alarm for alarm, section in named_sections(compiled).items() if not alarm.endswith(section)] == []


@pytest.mark.parametrize("name", sections())
def test_a_runbook_tells_what_it_means_what_to_look_at_what_to_type_and_when_it_is_over(name: str) -> None:
    assert [part for part in PARTS if f"**{part}" not in sections()[name]] == []


@pytest.mark.parametrize("call", stagectl_calls())
def test_the_commands_of_runbooks_exist_with_their_options(call: str) -> None:
    command: Any = get_command(app)
    words = call.split()
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert not hasattr(command, "commands"), f"{call} names no command"
    assert [word for word in words if word.startswith("-") and word not in known] == []


@pytest.mark.parametrize("call", stagectl_calls())
def test_the_queues_and_functions_of_runbooks_exist(call: str, compiled: dict[str, Compiled]) -> None:
    match call.split():
        case ["dlq", "peek" | "redrive" | "purge", queue, *_] if queue[0].isalpha() and queue.islower():
            ends = {
                each["QueueName"].removeprefix(f"{template.service}-{STAGE}-")
                for template in compiled.values()
                for each in template.of_type("AWS::SQS::Queue").values()
            }
            assert queue in ends
        case ["logs", service, function, *_] if service.islower():
            assert f"\n  {function}:\n" in (ROOT / "services" / service / "serverless.yml").read_text()
