"""The commands that stagectl gets from this package."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from stagectl import cli

COMMANDS = (
    *("test", "lint"),
    *("test-faults", "load"),  # only-with-example-services
    *("generate", "generate-roles", "new-service", "new-endpoint"),
    "template",  # not-in-new-products
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stagectl", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"},
    )


def test_they_have_a_panel_of_their_own() -> None:
    *_, panel = run("--help").stdout.partition("This repository")

    assert [command for command in COMMANDS if f" {command} " not in panel] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_explains_itself_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(cli.app, [command, "--help"])

    assert shown.exit_code == 0
    assert "For example:" in shown.stdout


def test_a_name_that_no_service_can_have_is_refused() -> None:
    completed = run("new-service", "Orders")

    assert completed.returncode == 2
    assert "lower-case letters" in completed.stderr
    assert completed.stdout == ""


def test_the_doctor_looks_for_a_browser() -> None:
    findings = json.loads(run("doctor", "--json").stdout)

    assert "browser" in {finding["subject"] for finding in findings}
