"""What programs read of a running stage. Commands run in this process: starting each would take longer."""

import json
import os
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from stagectl import cli
from typer.testing import CliRunner

from steps import given
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

OF_ALL_STAGES = {"list"}


def run(stage: Stage, *arguments: str) -> str:
    """Return what a command prints on the stage with --json."""
    port = str(urlsplit(os.environ["AWS_ENDPOINT_URL"]).port)
    where = () if arguments[0] in OF_ALL_STAGES else ("--stage", stage.name, "--emulator")
    # A command exchanges the environment of its process.
    with patch.dict(os.environ, {"BIGMOUTH_PORT": port}):
        result = CliRunner().invoke(cli.app, [*arguments, *where, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("list", list),
        ("open", dict),  # only-with-example-services
        ("config history orders/place-order", list),  # only-with-example-services
        ("configure --dry-run", list),
        ("artifacts", dict),
        ("cost", dict),  # only-with-example-services
        ("replay --from 1m --dry-run", dict),
        ("dlq redrive --all --dry-run", list),
        ("permissions", dict),
    ],
)
def test_a_result_is_one_document(stage: Stage, command: str, kind: type) -> None:
    document: Any = json.loads(run(stage, *command.split()))

    assert isinstance(document, kind)


def test_a_user_is_a_document(stage: Stage, customer: given.User) -> None:
    assert json.loads(run(stage, "users", "group", customer.user_id)) == []
    exported = json.loads(run(stage, "users", "export", customer.user_id))
    assert exported["profile"]["userId"] == customer.user_id


def test_the_answer_of_a_function_and_each_line_of_its_log_are_documents(stage: Stage) -> None:
    answer = json.loads(run(stage, "invoke", "events", "event-logger", "--remote"))

    lines = run(stage, "logs", "events", "--since", "1h").splitlines()

    assert answer == {"batchItemFailures": []}
    assert lines
    assert all(json.loads(line)["service"] == "events" for line in lines)
