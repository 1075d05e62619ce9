import datetime as dt
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]
WITHIN_SECONDS = 20


@pytest.fixture
def queues(aws: Client) -> dict[str, str]:
    """Two queues, each with a rule of its name that sends it every event of the bus `replayed`."""
    events, sqs = aws("events"), aws("sqs")
    events.create_event_bus(Name="replayed")
    urls = {}
    for name in ("named", "left-out"):
        urls[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        sqs.set_queue_attributes(
            QueueUrl=urls[name], Attributes={"Policy": json.dumps({"Statement": [statement]})}
        )
        events.put_rule(Name=name, EventBusName="replayed", EventPattern='{"source": ["test"]}')
        events.put_targets(Rule=name, EventBusName="replayed", Targets=[{"Id": "1", "Arn": arn}])
    return urls


def test_a_replay_goes_to_the_rules_that_it_names_alone(aws: Client, queues: dict[str, str]) -> None:
    events = aws("events")
    bus = events.describe_event_bus(Name="replayed")["Arn"]
    archive = events.create_archive(ArchiveName=f"a-{uuid.uuid4().hex}", EventSourceArn=bus)["ArchiveArn"]
    event = {"EventBusName": "replayed", "Source": "test", "DetailType": "test", "Detail": "{}"}
    events.put_events(Entries=[event])
    now = dt.datetime.now(dt.UTC)
    rule = events.describe_rule(Name="named", EventBusName="replayed")["Arn"]
    replay = f"r-{uuid.uuid4().hex}"

    events.start_replay(
        ReplayName=replay,
        EventSourceArn=archive,
        EventStartTime=now - dt.timedelta(minutes=1),
        EventEndTime=now + dt.timedelta(minutes=1),
        Destination={"Arn": bus, "FilterArns": [rule]},
    )

    deadline = time.monotonic() + WITHIN_SECONDS
    while events.describe_replay(ReplayName=replay)["State"] != "COMPLETED":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert {name: messages(aws, url) for name, url in queues.items()} == {"named": 2, "left-out": 1}


def messages(aws: Client, url: str) -> int:
    name = "ApproximateNumberOfMessages"
    return int(aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])
