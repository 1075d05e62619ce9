"""Rules for all commands, those of other packages included."""

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
    assert REQUIRE_A_STAGE | OF_NO_STAGE_UNLESS_NAMED.keys() <= COMMANDS.keys()


def test_the_help_says_the_rule() -> None:
    assert "Without --stage" in (typer.main.get_command(cli.app).help or "")
