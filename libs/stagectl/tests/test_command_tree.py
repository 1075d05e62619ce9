"""Rules for all commands, those of other packages included."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from stagectl import cli
from stagectl.targets.target import LOCAL_STAGE

REQUIRE_A_STAGE = {"configure", "down", "migrate", "release", "rollback", "up"}
"""They deploy, configure, migrate, release, roll back or remove a stage. `up --base` takes the branch's."""

OF_NO_STAGE_UNLESS_NAMED = {
    "acceptance": "makes a stage of its own",
    "cost": "what orders cost, wherever",
    "doctor": "this machine",
    "reap": "all stages that are no longer needed",
    "smoke": "with --urls the URLs, else the stage `local`",
    "test": "makes a stage of its own",
}


WITHOUT_JSON = {
    "changes": "a report in Markdown; its data: diff --json, artifacts --json",
    "dev": "runs until it is stopped; urls --json has what it prints",
    "docs": "a site",
    "lint": "the findings of other programs",
    "load": "figures for people; --output writes them as JSON",  # only-with-example-services
    "lock": "prints no result",
    "report": "a report in Markdown; its data: status --json, urls --json, cost --json",
    "start": "runs until it is stopped; urls --json and users sign-ins --json have what it prints",
    "stop": "prints no result",
    "test": "the reports of other programs",
    "test-faults": "the report of the suite",  # only-with-example-services
}
"""Commands that do not print JSON, each with the reason."""


def walk(group: Any, *before: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from walk(command, *before, name)
        else:
            yield " ".join((*before, name)), command


def option(command: Any, spelling: str) -> Any:
    return next((one for one in command.params if spelling in one.opts), None)


COMMANDS = dict(walk(typer.main.get_command(cli.app)))


@pytest.mark.parametrize("name", sorted(name for name in COMMANDS if option(COMMANDS[name], "--stage")))
def test_a_stage_is_named_or_it_is_the_local_one(name: str) -> None:
    stage = option(COMMANDS[name], "--stage")

    assert "-s" in stage.opts
    assert stage.metavar == "NAME"
    if name in REQUIRE_A_STAGE:
        assert not stage.default
        assert "required" in stage.help
    elif name in OF_NO_STAGE_UNLESS_NAMED:
        assert stage.default is None
    else:
        assert stage.default == LOCAL_STAGE


def test_the_exceptions_are_commands() -> None:
    assert REQUIRE_A_STAGE | OF_NO_STAGE_UNLESS_NAMED.keys() | WITHOUT_JSON.keys() <= COMMANDS.keys()


def test_every_command_that_prints_a_result_prints_it_as_json_on_demand() -> None:
    assert {
        name for name, command in COMMANDS.items() if not option(command, "--json")
    } == WITHOUT_JSON.keys()


@pytest.mark.parametrize(
    "name", sorted(name for name, reason in WITHOUT_JSON.items() if reason == "prints no result")
)
def test_a_command_without_a_result_prints_none(name: str) -> None:
    source = inspect.getsource(inspect.unwrap(COMMANDS[name].callback))

    assert not re.search(r"console\.(result|styled|out)|json_document", source)


def test_the_help_says_the_rule() -> None:
    assert "Without --stage" in (typer.main.get_command(cli.app).help or "")
