"""A release by its check-list, on a stage that runs this checkout."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from stagectl.checkout import Checkout

from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(240)]

A_RESTAURANT = "Fangtasia"
WITH_CODE = {"events", "restaurants", "notifications", "orders", "web"}
PROGRAM = Checkout(REPOSITORY).python.parent / "stagectl"


def release(stage: Stage, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Packaging everything to compare takes longer than all other steps.
    return subprocess.run(
        [PROGRAM, "release", "--stage", stage.name, "--emulator", "--skip", "changes", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


def kept(stage: Stage) -> dict[str, Any]:
    parameter = stage.ssm.get_parameter(Name=f"/shared-infra/{stage.name}/release")
    record: dict[str, Any] = json.loads(parameter["Parameter"]["Value"])
    return record


def test_a_release_deploys_orders_as_a_customer_and_keeps_a_record(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    ran = release(stage, "--order-from", A_RESTAURANT, "--test", "true", "--record", str(file))

    assert ran.returncode == 0, ran.stderr
    record = kept(stage)
    assert record == json.loads(file.read_text("utf-8"))
    assert (record["stage"], record["result"]) == (stage.name, "released")
    assert record["by"].startswith("arn:")
    assert record["steps"]["changes"] == "skipped"
    assert record["steps"]["tests"] == "done: 1 commands passed"
    assert record["steps"]["order"].endswith("then cancelled")
    assert record["artifacts"].keys() == WITH_CODE


def test_a_test_that_fails_fails_the_release_and_nothing_after_it_runs(stage: Stage) -> None:
    ran = release(stage, "--skip", "deployment", "--order-from", A_RESTAURANT, "--test", "false")

    assert ran.returncode == 1
    assert "false ended with code 1." in ran.stderr
    record = kept(stage)
    assert (record["result"], record["steps"]["order"]) == ("failed", "not run")


def test_a_dry_run_says_what_each_step_would_do_and_changes_nothing(stage: Stage) -> None:
    ran = release(stage, "--dry-run", "--json")

    assert ran.returncode == 0, ran.stderr
    steps = json.loads(ran.stdout)["steps"]
    assert list(steps) == [
        *("forward", "changes", "compatibility", "tested", "migrations"),
        *("deployment", "tests", "alarms", "order"),
    ]
    assert steps["deployment"] == "planned"
    assert kept(stage)["result"] == "failed"


def test_a_record_of_something_else_does_not_open_the_way(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps({**kept(stage), "commit": "older", "artifacts": {}}), "utf-8")
    ran = release(stage, "--dry-run", "--verified", str(file))

    assert ran.returncode == 1
    assert "its commit is older; its tests were failed" in ran.stderr
    (differ,) = re.findall(r"its packages differ: ([a-z, ]+)", ran.stderr)
    assert set(differ.split(", ")) == WITH_CODE
