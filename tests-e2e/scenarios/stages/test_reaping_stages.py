"""Stages that are no longer needed are found by their tags and removed on demand, and no other stage is."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from stagectl.checkout import Checkout

from steps import small_stages
from steps.small_stages import QUEUE, deploy, stacks_of
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

OVER, CLOSED, FRESH, UNTOLD = "preview-over", "preview-closed", "preview-fresh", "preview-untold"
KEPT = ("dev", "staging", "prod", "Prod")


@pytest.fixture(autouse=True)
def nothing_stays(stage: Stage) -> Iterator[None]:
    with small_stages.swept(stage, OVER, CLOSED, FRESH, UNTOLD, *KEPT):
        yield


def test_reaping_lists_expired_stages_and_removes_only_those_with_yes(stage: Stage) -> None:
    queue = {"Queue": QUEUE}
    deploy(stage, "vouchers", OVER, queue, expires_at=_in(-1))
    deploy(stage, "vouchers", CLOSED, queue, expires_at=_in(1), pull_request="12")
    deploy(stage, "vouchers", FRESH, queue, expires_at=_in(1), pull_request="13")
    deploy(stage, "vouchers", UNTOLD, queue)
    for name in KEPT:
        deploy(stage, "vouchers", name, queue, expires_at=_in(-1))

    only_looked = _reap("[13]")
    left = {name for name in (OVER, CLOSED, FRESH, UNTOLD, *KEPT) if stacks_of(stage, name)}

    assert {one["stage"]: one["reason"].split(" at ")[0] for one in only_looked["stages"]} == {
        OVER: "expired",
        CLOSED: "pull request #12 is closed",
    }
    assert {"stack": f"vouchers-{UNTOLD}", "reason": "it has no tag expires-at"} in only_looked["unclear"]
    assert left == {OVER, CLOSED, FRESH, UNTOLD, *KEPT}

    assert _reap("[13]", "--yes") == only_looked
    left = {name for name in (OVER, CLOSED, FRESH, UNTOLD, *KEPT) if stacks_of(stage, name)}
    assert left == {FRESH, UNTOLD, *KEPT}


def _in(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reap(open_pull_requests: str, *arguments: str) -> dict[str, Any]:
    program = Checkout(REPOSITORY).python.parent / "stagectl"
    ran = subprocess.run(
        [program, "reap", "--json", "--open-pull-requests", "-", *arguments],
        input=open_pull_requests,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
