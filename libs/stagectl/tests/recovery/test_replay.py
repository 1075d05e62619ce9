import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from stagectl.errors import StagectlError, UsageError
from stagectl.recovery import event_archive, replay
from stagectl.recovery.event_archive import Archive
from stagectl.recovery.replay import ReplayPlan

BUS = "arn:aws:events:us-east-1:000000000000:event-bus/shared-infra-dev"
ARCHIVE = Archive(
    "arn:aws:events:us-east-1:000000000000:archive/shared-infra-dev", "shared-infra-dev", BUS, 7
)
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SINCE, UNTIL = NOW - timedelta(hours=2), NOW - timedelta(hours=1)


@pytest.fixture
def events() -> Any:
    return boto3.client(
        "events", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def stubbed(events: Any) -> Iterator[Stubber]:
    with Stubber(events) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def plan(events: Any, *detail_types: str, since: datetime = SINCE, until: datetime = UNTIL) -> ReplayPlan:
    return replay.make_plan(events, ARCHIVE, since=since, until=until, detail_types=detail_types, now=NOW)


def having_rules(stubbed: Stubber, **rules: dict[str, Any]) -> None:
    listed = [
        {"Name": name, "Arn": f"arn:{name}", "EventPattern": json.dumps(pattern)}
        for name, pattern in rules.items()
    ]
    stubbed.add_response("list_rules", {"Rules": listed}, {"EventBusName": "shared-infra-dev"})


def having_usual_rules(stubbed: Stubber) -> None:
    having_rules(
        stubbed,
        placed={"detail-type": ["order_placed"]},
        answered={"detail-type": ["order_accepted", "order_rejected", {"prefix": "x"}]},
        everything={"source": ["big-mouth"]},
    )


def test_a_replay_of_everything_goes_to_the_whole_bus(stubbed: Stubber, events: Any) -> None:
    stubbed.add_response(
        "start_replay",
        {"State": "STARTING"},
        {
            "ReplayName": "stagectl-dev-20260131T120000",
            "EventSourceArn": ARCHIVE.arn,
            "EventStartTime": SINCE,
            "EventEndTime": UNTIL,
            "Destination": {"Arn": BUS},
        },
    )

    replay.start(events, plan(events))


def test_a_replay_of_a_detail_type_goes_to_the_rules_that_name_it(stubbed: Stubber, events: Any) -> None:
    having_usual_rules(stubbed)
    stubbed.add_response(
        "start_replay",
        {"State": "STARTING"},
        {
            "ReplayName": "stagectl-dev-20260131T120000",
            "EventSourceArn": ARCHIVE.arn,
            "EventStartTime": SINCE,
            "EventEndTime": UNTIL,
            "Destination": {"Arn": BUS, "FilterArns": ["arn:placed"]},
        },
    )

    replay.start(events, plan(events, "order_placed"))


def test_what_a_chosen_rule_takes_besides_is_told(stubbed: Stubber, events: Any) -> None:
    having_usual_rules(stubbed)

    found = plan(events, "order_accepted")

    assert [rule.name for rule in found.rules] == ["answered"]
    assert found.also == ("order_rejected",)


def test_a_detail_type_that_no_rule_takes_is_refused_with_those_they_take(
    stubbed: Stubber, events: Any
) -> None:
    having_usual_rules(stubbed)

    with pytest.raises(
        UsageError, match=r"matches nope\. They match: order_accepted, order_placed, order_rej"
    ):
        plan(events, "order_placed", "nope")


def test_an_empty_range_is_refused(events: Any) -> None:
    for since in (UNTIL, UNTIL + timedelta(seconds=1)):
        with pytest.raises(UsageError, match="The range is empty"):
            plan(events, since=since, until=UNTIL)


@pytest.mark.parametrize("code", ["InvalidAction", "UnknownOperationException"])
def test_an_endpoint_without_replays_is_said_to_be_one(stubbed: Stubber, events: Any, code: str) -> None:
    stubbed.add_client_error("start_replay", code)

    with pytest.raises(StagectlError, match="does not support replays"):
        replay.start(events, plan(events))


def test_any_other_refusal_stays_what_it_is(stubbed: Stubber, events: Any) -> None:
    stubbed.add_client_error("start_replay", "LimitExceededException")

    with pytest.raises(ClientError, match="LimitExceededException"):
        replay.start(events, plan(events))


def test_a_rule_that_runs_by_the_clock_takes_no_events(stubbed: Stubber, events: Any) -> None:
    clock = {"Name": "clock", "Arn": "arn:clock", "ScheduleExpression": "rate(1 hour)"}
    placed = {"Name": "placed", "Arn": "arn:placed", "EventPattern": '{"detail-type": ["order_placed"]}'}
    stubbed.add_response("list_rules", {"Rules": [clock], "NextToken": "more"})
    stubbed.add_response("list_rules", {"Rules": [placed]})

    assert [rule.name for rule in plan(events, "order_placed").rules] == ["placed"]


def test_each_new_state_is_told_until_it_has_completed(stubbed: Stubber, events: Any) -> None:
    slept: list[float] = []
    for state in ("STARTING", "RUNNING", "RUNNING", "COMPLETED"):
        answer: dict[str, Any] = {"State": state}
        if state == "COMPLETED":
            answer["EventLastReplayedTime"] = UNTIL
        stubbed.add_response("describe_replay", answer, {"ReplayName": "stagectl-dev-20260131T120000"})

    states = list(replay.wait(events, plan(events), sleep=slept.append))

    assert [state.state for state in states] == ["STARTING", "RUNNING", "COMPLETED"]
    assert states[-1].as_far_as == UNTIL
    assert slept == [1.0] * 3


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_a_replay_that_ends_otherwise_fails_with_its_reason(
    stubbed: Stubber, events: Any, state: str
) -> None:
    stubbed.add_response("describe_replay", {"State": state, "StateReason": "because"})

    with pytest.raises(StagectlError, match=f"{state.lower()}: because"):
        list(replay.wait(events, plan(events), sleep=lambda _: None))


def test_a_replay_that_gives_no_reason_is_told_without_one(stubbed: Stubber, events: Any) -> None:
    stubbed.add_response("describe_replay", {"State": "CANCELLED"})

    with pytest.raises(StagectlError, match=r"^The replay stagectl-dev-20260131T120000 cancelled$"):
        list(replay.wait(events, plan(events), sleep=lambda _: None))


def test_the_archive_of_a_stage_is_called_as_its_bus(stubbed: Stubber, events: Any) -> None:
    stubbed.add_response(
        "describe_archive",
        {"ArchiveArn": ARCHIVE.arn, "EventSourceArn": BUS, "EventCount": 7},
        {"ArchiveName": "shared-infra-dev"},
    )

    assert event_archive.find(events, "dev") == ARCHIVE


def test_a_stage_without_an_archive_is_said_to_have_none(stubbed: Stubber, events: Any) -> None:
    stubbed.add_client_error("describe_archive", "ResourceNotFoundException")

    with pytest.raises(StagectlError, match="Stage dev has no archive"):
        event_archive.find(events, "dev")
