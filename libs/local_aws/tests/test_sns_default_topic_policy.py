import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
CALLS: dict[str, Callable[[Any, str], Any]] = {
    "Publish": lambda sns, topic: sns.publish(TopicArn=topic, Message="hello"),
    "PublishBatch": lambda sns, topic: sns.publish_batch(
        TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "hello"}]
    ),
    "Subscribe": lambda sns, topic: sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="spy@example.org"
    ),
    "SetTopicAttributes": lambda sns, topic: sns.set_topic_attributes(
        TopicArn=topic, AttributeName="DisplayName", AttributeValue="taken"
    ),
    "GetTopicAttributes": lambda sns, topic: sns.get_topic_attributes(TopicArn=topic),
    "DeleteTopic": lambda sns, topic: sns.delete_topic(TopicArn=topic),
}


@pytest.fixture
def topic(aws: Client, stack: Callable[..., str]) -> str:
    """A topic that CloudFormation made, without a policy."""
    name = f"topic-{uuid.uuid4().hex}"
    assert stack(name, {"Topic": {"Type": "AWS::SNS::Topic"}}) == "CREATE_COMPLETE"
    found = aws("cloudformation").describe_stack_resource(StackName=name, LogicalResourceId="Topic")
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


@pytest.mark.parametrize("call", CALLS)
def test_the_default_policy_lets_no_principal_of_the_account_do_anything(
    as_user: Client, topic: str, call: str
) -> None:
    with pytest.raises(ClientError, match="AuthorizationError"):
        CALLS[call](as_user("sns"), topic)


@pytest.mark.parametrize("call", ["Publish", "Subscribe", "SetTopicAttributes"])
def test_a_principal_with_a_permission_of_its_own_may(as_user: Client, topic: str, call: str) -> None:
    permission = {"Effect": "Allow", "Action": f"sns:{call}", "Resource": topic}

    assert CALLS[call](as_user("sns", permission), topic)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_permission_for_another_topic_is_none(as_user: Client, topic: str) -> None:
    permission = {"Effect": "Allow", "Action": "sns:Publish", "Resource": f"{topic}-other"}

    with pytest.raises(ClientError, match="AuthorizationError"):
        as_user("sns", permission).publish(TopicArn=topic, Message="hello")


def test_the_default_policy_speaks_of_the_source_owner(aws: Client, topic: str) -> None:
    policy = json.loads(aws("sns").get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])

    (statement,) = policy["Statement"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}}


def test_a_denial_in_the_topic_policy_outweighs_a_permission(
    aws: Client, as_user: Client, topic: str
) -> None:
    condition = {
        "StringNotEquals": {"aws:PrincipalTag/stage": "mine"},
        "Null": {"aws:PrincipalTag/stage": "false"},
    }
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": condition,
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    aws("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy))
    permission = {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}

    as_user("sns", permission, tags={"stage": "mine"}).publish(TopicArn=topic, Message="hello")
    with pytest.raises(ClientError, match="explicit deny"):
        as_user("sns", permission, tags={"stage": "other"}).publish(TopicArn=topic, Message="hello")
