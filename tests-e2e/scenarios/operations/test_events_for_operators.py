"""What an operator sees of events: live, and in the archive."""

import json
import uuid
from pathlib import Path
from typing import Any

import boto3
import pytest

from steps import then, when
from steps.event_tail import lines_of, tailing
from support.polling import until
from support.stage import Stage
from support.stagectl_command import stagectl

# A tail makes a queue and a rule, which on AWS is not for a test suite to do.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("events")]

# One that no function acts upon.
HAPPENED = "user_erased"


def test_an_event_is_seen_live_and_found_in_the_archive(stage: Stage, tmp_path: Path) -> None:
    detail = {"erasureId": str(uuid.uuid4()), "service": "events"}
    with tailing(stage, tmp_path) as results:
        when.an_event_happens(stage, HAPPENED, detail)
        until(
            lambda: lines_of(results),
            lambda lines: any(line["detail"] == detail for line in lines),
            within_seconds=then.DELIVERY_SECONDS,
            what="the event in the tail",
        )

    def archived() -> list[Any]:
        found = stagectl(stage, "events", "search", "--from", "10m", "--detail-type", HAPPENED, "--json")
        return [one["detail"] for one in json.loads(found.stdout)] if found.returncode == 0 else []

    until(
        archived,
        lambda details: detail in details,
        within_seconds=then.DELIVERY_SECONDS,
        what="the event in the archive",
    )


def test_a_tail_leaves_nothing_behind(stage: Stage, tmp_path: Path) -> None:
    events = boto3.client("events", region_name=stage.region)

    def taps() -> list[str]:
        prefix = f"events-{stage.name}-tap-"
        rules = events.list_rules(EventBusName=f"shared-infra-{stage.name}", NamePrefix=prefix)["Rules"]
        return [rule["Name"] for rule in rules]

    with tailing(stage, tmp_path):
        assert taps()

    assert taps() == []
