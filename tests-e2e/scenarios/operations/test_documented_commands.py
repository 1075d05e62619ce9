"""The commands that the documentation shows succeed on a stage."""

import os
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import pytest
from devtools.site import command_check, commands
from stagectl import cli
from typer.testing import CliRunner

from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import catalogue, then, when  # only-with-example-services
from support.stage import REPOSITORY, Stage
from support.stagectl_command import port

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

# Of the runbooks. Every product has this function.
VARIABLES = {"SERVICE": "events", "FUNCTION": "event-logger"}
# It packages every stack.
BY_NIGHT = ("stagectl", "diff")


def selected() -> list[tuple[str, ...]]:
    """Return all commands with EVERY_COMMAND, and otherwise the first of each name."""
    every = commands.runnable(REPOSITORY)
    if os.environ.get("EVERY_COMMAND"):
        return every
    first = {command_check.resolved(words[1:])[1]: words for words in reversed(every)}
    return [words for path, words in first.items() if path != BY_NIGHT][::-1]


@pytest.fixture(scope="module")
def made_up(stage: Stage, driver: Driver, any_customer: User) -> Iterator[dict[str, str]]:
    """What stands for the names that a reader replaces."""
    new = given.Person()
    names = {"ada@example.com": any_customer.person.email, "dev@partner.example": new.email}
    # begin only-with-example-services
    answer = when.a_customer_orders_from(driver, any_customer, catalogue.A_RESTAURANT)
    order_id = then.an_order_is_placed(answer)
    names |= dict.fromkeys(("ORDER_ID", "CORRELATION_ID", "ID"), order_id)
    names |= {"QUEUE": "order-placed-dlq", "RESTAURANT": catalogue.A_RESTAURANT}
    # end only-with-example-services
    with given.removed_by_email_afterwards(stage, new):
        yield names


def configurations(stage: Stage) -> dict[str, str]:
    """Return what operators have configured."""
    ours: Any = [{"Key": "Name", "Option": "Contains", "Values": [f"/{stage.name}/"]}]
    pages = stage.ssm.get_paginator("describe_parameters").paginate(ParameterFilters=ours)
    names = [one["Name"] for page in pages for one in page["Parameters"] if one["Name"].endswith("/config")]
    return {name: stage.ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in names}


@pytest.fixture(scope="module", autouse=True)
def configuration(stage: Stage) -> Iterator[None]:
    """Restores the configuration that commands set."""
    before = configurations(stage)
    yield
    for name in configurations(stage):
        if name in before:
            stage.ssm.put_parameter(Name=name, Value=before[name], Overwrite=True)
        else:
            stage.ssm.delete_parameter(Name=name)


@pytest.mark.parametrize("words", selected(), ids=" ".join)
def test_it_succeeds(
    words: tuple[str, ...],
    stage: Stage,
    made_up: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BIGMOUTH_PORT", port())
    monkeypatch.chdir(tmp_path)
    arguments = [
        Template(made_up.get(word, word)).substitute(VARIABLES, STAGE=stage.name) for word in words[1:]
    ]
    if "--stage" in arguments:
        arguments[arguments.index("--stage") + 1] = stage.name

    ended = CliRunner().invoke(cli.app, cli.region_first(arguments))

    assert ended.exit_code == 0, f"{ended.output}{ended.exception}"
