"""What to do about an alarm stands in a runbook, and the alarm says where."""

import re
from typing import Any

import pytest
from typer.main import get_command

from stagectl.cli import app
from stagectl.yaml_loader import load_mapping

from .conftest import ROOT

RUNBOOKS = "docs/runbooks.md"
PREFIX = "${self:service}-${sls:stage}-"
PARTS = ("What it means.", "What to look at.", "What to type", "How to know that it is over.")


def alarms() -> dict[str, dict[str, Any]]:
    """Give the properties of every alarm that a template declares, by what follows service and stage."""
    folders = [ROOT / "shared-infra", *(path.parent for path in ROOT.glob("services/*/serverless.yml"))]
    return {
        resource["Properties"]["AlarmName"].removeprefix(PREFIX): resource["Properties"]
        for folder in folders
        for path in sorted(folder.glob("resources/*.yml"))
        for resource in (load_mapping(path).get("Resources") or {}).values()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


def sections() -> dict[str, str]:
    """Give the texts of the runbooks by their headings."""
    text = (ROOT / RUNBOOKS).read_text()
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def stagectl_calls() -> list[str]:
    text = (ROOT / RUNBOOKS).read_text()
    return sorted(set(re.findall(r"npx stagectl ([a-z].*?)\s*(?:#.*|`.*)?$", text, flags=re.MULTILINE)))


def test_every_alarm_has_its_runbook_and_every_runbook_its_alarm() -> None:
    assert sections().keys() == alarms().keys()


@pytest.mark.parametrize("name", alarms())
def test_an_alarm_says_where_its_runbook_is(name: str) -> None:
    assert alarms()[name]["AlarmDescription"].rstrip().endswith(f" Runbook: {RUNBOOKS}#{name}")


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
def test_the_queues_and_functions_of_runbooks_exist(call: str) -> None:
    templates = "\n".join(
        path.read_text()
        for pattern in ("services/*/serverless.yml", "services/*/resources/*.yml")
        for path in ROOT.glob(pattern)
    )
    match call.split():
        case ["dlq", "peek" | "redrive" | "purge", queue, *_] if queue.islower():
            assert f"QueueName: {PREFIX}{queue}\n" in templates
        case ["logs", service, function, *_] if service.islower():
            assert f"\n  {function}:\n" in (ROOT / "services" / service / "serverless.yml").read_text()
