"""EventBridge sends to a queue only by the queue's policy, and what it cannot send to a dead-letter queue."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

BUS, RULE = "a-bus", "a-rule"
RULE_ARN = f"arn:aws:events:us-east-1:000000000000:rule/{BUS}/{RULE}"

Client = Callable[[str], Any]


@pytest.fixture
def rule(aws: Client) -> Iterator[Any]:
    """A rule of a bus, without targets."""
    events = aws("events")
    events.create_event_bus(Name=BUS)
    events.put_rule(Name=RULE, EventBusName=BUS, EventPattern=json.dumps({"source": ["here"]}))
    yield events
    events.remove_targets(Rule=RULE, EventBusName=BUS, Ids=["queue"])
    events.delete_rule(Name=RULE, EventBusName=BUS)
    events.delete_event_bus(Name=BUS)


def queue(aws: Client, name: str, *, lets: str | None) -> tuple[str, str]:
    """Return the URL and the ARN of a new queue with a policy that lets one rule send."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    if lets:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": lets}},
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    return url, arn


def publish(events: Any, target: str, dead_letters: str) -> None:
    target_of_rule = {"Id": "queue", "Arn": target, "DeadLetterConfig": {"Arn": dead_letters}}
    events.put_targets(Rule=RULE, EventBusName=BUS, Targets=[target_of_rule])
    answer = events.put_events(
        Entries=[{"EventBusName": BUS, "Source": "here", "DetailType": "it", "Detail": '{"a": 1}'}]
    )
    assert answer["FailedEntryCount"] == 0


def taken(aws: Client, url: str) -> list[Any]:
    sqs = aws("sqs")
    try:
        received: dict[str, Any] = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])
        return list(received.get("Messages", ()))
    finally:
        sqs.delete_queue(QueueUrl=url)


def test_a_queue_that_names_the_rule_gets_its_events(aws: Client, rule: Any) -> None:
    url, arn = queue(aws, "named", lets=RULE_ARN)
    dead_url, dead_arn = queue(aws, "named-dlq", lets=RULE_ARN)

    publish(rule, arn, dead_arn)

    assert [json.loads(message["Body"])["detail"] for message in taken(aws, url)] == [{"a": 1}]
    assert taken(aws, dead_url) == []


@pytest.mark.parametrize("lets", [None, f"{RULE_ARN}-2"])
def test_what_a_queue_does_not_take_goes_to_the_dead_letter_queue_with_the_reason(
    aws: Client, rule: Any, lets: str | None
) -> None:
    url, arn = queue(aws, "silent", lets=lets)
    dead_url, dead_arn = queue(aws, "silent-dlq", lets=RULE_ARN)

    publish(rule, arn, dead_arn)

    assert taken(aws, url) == []
    (message,) = taken(aws, dead_url)
    assert json.loads(message["Body"])["detail"] == {"a": 1}
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "NO_PERMISSIONS"
    assert (attributes["RULE_ARN"], attributes["TARGET_ARN"]) == (RULE_ARN, arn)


def test_what_neither_queue_takes_is_lost(aws: Client, rule: Any) -> None:
    url, arn = queue(aws, "deaf", lets=None)
    dead_url, dead_arn = queue(aws, "deaf-dlq", lets=None)

    publish(rule, arn, dead_arn)

    assert taken(aws, url) == []
    assert taken(aws, dead_url) == []
