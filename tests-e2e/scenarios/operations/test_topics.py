"""Who may publish to the stage's topics and subscribe to them."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_sns import SNSClient

from support.stage import Stage

# They make users and queues, which on AWS is not for a test suite to do.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

TOPICS = ["shared-infra-{}-alarms"]
TOPICS += ["notifications-{}-restaurants", "notifications-{}-customers"]  # only-with-example-services
EVERYTHING = {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}


@pytest.fixture(params=TOPICS)
def topic(stage: Stage, request: pytest.FixtureRequest) -> str:
    return f"arn:aws:sns:{stage.region}:000000000000:{request.param.format(stage.name)}"


def test_a_principal_without_a_permission_neither_publishes_nor_subscribes(stage: Stage, topic: str) -> None:
    with _a_user(stage) as sns:
        _is_refused(sns, topic)


def test_a_principal_with_a_permission_for_this_topic_subscribes(stage: Stage, topic: str) -> None:
    with _a_user(stage, {"Effect": "Allow", "Action": "sns:Subscribe", "Resource": topic}) as sns:
        subscribed = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="on-call@example.com")

    _sns(stage).unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])


@pytest.mark.parametrize("topic", TOPICS[1:], indirect=True)
def test_a_role_of_another_stage_is_refused_whatever_its_policy_says(stage: Stage, topic: str) -> None:
    with _a_user(stage, EVERYTHING, stage_tag="another") as sns:
        _is_refused(sns, topic)
    with _a_user(stage, EVERYTHING, stage_tag=stage.name) as sns:
        subscribed = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="on-call@example.com")
        sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])


def test_an_alarm_of_a_service_reaches_the_stages_alarm_topic(stage: Stage) -> None:
    alarm, topic = (
        f"events-{stage.name}-every-event-dlq",
        stage.published("shared-infra", "alarmTopicArn"),
    )
    cloudwatch = boto3.client("cloudwatch", region_name=stage.region)

    with _a_queue_on(stage, topic) as queue:
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="a test")
        received = stage.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="a test")

    assert alarm in received[0]["Body"]


def _is_refused(sns: SNSClient, topic: str) -> None:
    with pytest.raises(ClientError, match="AuthorizationError"):
        sns.publish(TopicArn=topic, Message="spoofed")
    with pytest.raises(ClientError, match="AuthorizationError"):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="spy@example.org")


@contextmanager
def _a_user(stage: Stage, *statements: dict[str, Any], stage_tag: str | None = None) -> Iterator[SNSClient]:
    name = f"e2e-{uuid.uuid4()}"
    with ExitStack() as undo:
        stage.iam.create_user(UserName=name, Tags=[{"Key": "stage", "Value": stage_tag}] if stage_tag else [])
        undo.callback(stage.iam.delete_user, UserName=name)
        if statements:
            policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
            stage.iam.put_user_policy(UserName=name, PolicyName="tested", PolicyDocument=policy)
            undo.callback(stage.iam.delete_user_policy, UserName=name, PolicyName="tested")
        key = stage.iam.create_access_key(UserName=name)["AccessKey"]
        undo.callback(stage.iam.delete_access_key, UserName=name, AccessKeyId=key["AccessKeyId"])
        yield boto3.client(
            "sns",
            region_name=stage.region,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )


@contextmanager
def _a_queue_on(stage: Stage, topic: str) -> Iterator[str]:
    """Make a queue that gets what the topic does."""
    name = f"e2e-{uuid.uuid4()}"
    arn = f"arn:aws:sqs:{stage.region}:000000000000:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    queue = stage.sqs.create_queue(
        QueueName=name, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    )["QueueUrl"]
    subscription = _sns(stage).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    try:
        yield queue
    finally:
        _sns(stage).unsubscribe(SubscriptionArn=subscription)
        stage.sqs.delete_queue(QueueUrl=queue)


def _sns(stage: Stage) -> SNSClient:
    return boto3.client("sns", region_name=stage.region)
