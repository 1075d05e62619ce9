import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


CALLS: dict[str, Callable[[Client, dict[str, str]], Any]] = {
    "iam CreateRole": lambda aws, tags: aws("iam").create_role(
        RoleName=uuid.uuid4().hex, AssumeRolePolicyDocument=TRUST, Tags=listed(tags)
    ),
    "ssm PutParameter": lambda aws, tags: aws("ssm").put_parameter(
        Name=uuid.uuid4().hex, Value="value", Type="String", Tags=listed(tags)
    ),
    "sqs CreateQueue": lambda aws, tags: aws("sqs").create_queue(QueueName=uuid.uuid4().hex, tags=tags),
    "sns CreateTopic": lambda aws, tags: aws("sns").create_topic(Name=uuid.uuid4().hex, Tags=listed(tags)),
    "logs CreateLogGroup": lambda aws, tags: aws("logs").create_log_group(
        logGroupName=uuid.uuid4().hex, tags=tags
    ),
    "cognito CreateUserPool": lambda aws, tags: aws("cognito-idp").create_user_pool(
        PoolName="pool", UserPoolTags=tags
    ),
    "dynamodb CreateTable": lambda aws, tags: aws("dynamodb").create_table(
        TableName=uuid.uuid4().hex,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=listed(tags),
    ),
    "states CreateStateMachine": lambda aws, tags: aws("stepfunctions").create_state_machine(
        name=uuid.uuid4().hex,
        definition='{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::000000000000:role/r",
        tags=[{"key": key, "value": value} for key, value in tags.items()],
    ),
    "events PutRule": lambda aws, tags: aws("events").put_rule(
        Name=uuid.uuid4().hex, ScheduleExpression="rate(1 day)", Tags=listed(tags)
    ),
    "kms CreateKey": lambda aws, tags: aws("kms").create_key(
        Tags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()]
    ),
}
WRONG = [
    {"owner": "dependabot[bot]"},
    {"owner": "a\nb"},
    {"owner": "a" * 257},
    {"a" * 129: "value"},
    {"ke;y": "value"},
    {"aws:owner": "value"},
    {f"key-{number}": "value" for number in range(51)},
]


@pytest.mark.parametrize("call", CALLS)
def test_a_service_refuses_a_tag_with_brackets(aws: Client, call: str) -> None:
    with pytest.raises(ClientError, match="failed to satisfy constraint"):
        CALLS[call](aws, {"owner": "dependabot[bot]"})


@pytest.mark.parametrize("tags", WRONG, ids=lambda tags: next(iter(tags.items()))[0][:20])
@pytest.mark.parametrize("call", ["iam CreateRole", "ssm PutParameter", "sqs CreateQueue"])
def test_other_wrong_tags_are_refused(aws: Client, call: str, tags: dict[str, str]) -> None:
    with pytest.raises(ClientError):
        CALLS[call](aws, tags)


@pytest.mark.parametrize("call", [call for call in CALLS if not call.startswith("states")])
def test_a_service_takes_other_tags(aws: Client, call: str) -> None:
    assert CALLS[call](aws, {"Owner": "a_b.c:d/e=f+g-h@i Jörg", "empty": "x"})


def test_tags_are_checked_when_they_come_later(aws: Client) -> None:
    queue = aws("sqs").create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"]

    with pytest.raises(ClientError, match="failed to satisfy constraint"):
        aws("sqs").tag_queue(QueueUrl=queue, Tags={"owner": "dependabot[bot]"})
