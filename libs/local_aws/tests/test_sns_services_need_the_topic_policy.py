import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.fixture
def topic(aws: Client) -> str:
    return str(aws("sns").create_topic(Name=uuid.uuid4().hex)["TopicArn"])


@pytest.fixture
def queue(aws: Client, topic: str) -> str:
    """A queue that gets what is published to the topic."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"Statement": [allow("sqs:SendMessage", "sns.amazonaws.com", arn)]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return str(url)


def allow(action: str, service: str, resource: str, **condition: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
        **({"Condition": condition} if condition else {}),
    }


def an_alarm_goes_off(aws: Client, topic: str) -> None:
    cloudwatch, name = aws("cloudwatch"), uuid.uuid4().hex
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        AlarmActions=[topic],
        Namespace="Test",
        MetricName="Test",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")


def an_event_comes(aws: Client, topic: str) -> None:
    events, name = aws("events"), uuid.uuid4().hex
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    events.put_targets(Rule=name, Targets=[{"Id": "topic", "Arn": topic}])
    events.put_events(Entries=[{"Source": name, "DetailType": "test", "Detail": "{}"}])


def set_policy(aws: Client, topic: str, *statements: dict[str, Any]) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    aws("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)


def received(aws: Client, queue: str) -> int:
    answer = aws("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=0)
    return len(answer.get("Messages", []))


def test_an_alarm_publishes_to_a_topic_with_the_default_policy(aws: Client, topic: str, queue: str) -> None:
    an_alarm_goes_off(aws, topic)

    assert received(aws, queue) == 1


def test_an_alarm_does_not_publish_to_a_topic_whose_policy_leaves_cloudwatch_out(
    aws: Client, topic: str, queue: str
) -> None:
    set_policy(aws, topic, allow("sns:Publish", "events.amazonaws.com", topic))

    an_alarm_goes_off(aws, topic)

    assert received(aws, queue) == 0


@pytest.mark.parametrize(("account", "count"), [("000000000000", 1), ("111122223333", 0)])
def test_the_topic_policy_may_ask_which_account_the_alarm_is_of(
    aws: Client, topic: str, queue: str, account: str, count: int
) -> None:
    statement = allow(
        "sns:Publish", "cloudwatch.amazonaws.com", topic, StringEquals={"aws:SourceAccount": account}
    )
    set_policy(aws, topic, statement)

    an_alarm_goes_off(aws, topic)

    assert received(aws, queue) == count


def test_eventbridge_does_not_publish_under_the_default_policy(aws: Client, topic: str, queue: str) -> None:
    an_event_comes(aws, topic)

    assert received(aws, queue) == 0


def test_eventbridge_publishes_where_the_topic_policy_names_it(aws: Client, topic: str, queue: str) -> None:
    set_policy(aws, topic, allow("sns:Publish", "events.amazonaws.com", topic))

    an_event_comes(aws, topic)

    assert received(aws, queue) == 1
