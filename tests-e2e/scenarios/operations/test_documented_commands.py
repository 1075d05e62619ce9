"""The commands that the documentation shows succeed on a stage."""

import json
import os
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

import pytest
from devtools.site import command_check, commands
from stagectl import cli
from typer.testing import CliRunner

from drivers.exchange import Driver
from steps import given, then, when
from steps.given import User
from steps.shop import catalogue  # only-with-example-services
from steps.shop import then as then_in_the_shop  # only-with-example-services
from steps.shop import when as when_in_the_shop  # only-with-example-services
from support.polling import until
from support.stage import REPOSITORY, Stage
from support.stagectl_command import port, stagectl

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
def correlation_id(stage: Stage) -> str:
    """The correlation id under which an event was archived."""
    when.an_event_happens(stage, "user_erased", {"erasureId": str(uuid.uuid4()), "service": "events"})
    until(
        partial(stagectl, stage, "events", "search", "--detail-type", "user_erased"),
        lambda found: found.returncode == 0,
        within_seconds=then.DELIVERY_SECONDS,
        what="the event in the archive",
    )
    lines = map(json.loads, stagectl(stage, "logs", *VARIABLES.values()).stdout.splitlines())
    return next(str(line["correlation_id"]) for line in lines if line["message"] == "events archived")


@pytest.fixture(scope="module")
def made_up(
    stage: Stage, driver: Driver, any_customer: User, correlation_id: str
) -> Iterator[dict[str, str]]:
    """What stands for the names that a reader replaces."""
    new = given.Person()
    names = {
        "ada@example.com": any_customer.person.email,
        "dev@partner.example": new.email,
        "CORRELATION_ID": correlation_id,
        "ID": correlation_id,
        "QUEUE": "every-event-dlq",
    }
    # begin only-with-example-services
    answer = when_in_the_shop.a_customer_orders_from(driver, any_customer, catalogue.A_RESTAURANT)
    order_id = then_in_the_shop.an_order_is_placed(answer)
    names |= {"ORDER_ID": order_id, "RESTAURANT": catalogue.A_RESTAURANT}
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
