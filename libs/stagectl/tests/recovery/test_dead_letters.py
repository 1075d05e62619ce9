import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError, UsageError
from stagectl.recovery import dead_letters
from stagectl.recovery.dead_letters import DeadLetterQueue, Queue

ORDERS, PAYMENTS = Stack("orders", Path()), Stack("payments", Path())


@pytest.fixture
def cloudformation() -> Any:
    return client("cloudformation")


@pytest.fixture
def sqs() -> Any:
    return client("sqs")


@pytest.fixture
def stubbed(cloudformation: Any, sqs: Any) -> Iterator[tuple[Stubber, Stubber]]:
    with Stubber(cloudformation) as stacks, Stubber(sqs) as queues:
        yield stacks, queues


def client(service: str) -> Any:
    # By a variable, the stubs would have to know which of all clients it is.
    make: Any = boto3.client
    return make(service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


def holding(stacks: Stubber, stack: str, *queues: str) -> None:
    resources = [
        {
            "LogicalResourceId": "Q",
            "PhysicalResourceId": f"https://sqs/1/{name}",
            "ResourceType": "AWS::SQS::Queue",
            "LastUpdatedTimestamp": "2026-01-31T12:00:00Z",
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for name in queues
    ]
    table = {**resources[0], "ResourceType": "AWS::DynamoDB::Table"} if resources else None
    stacks.add_response(
        "list_stack_resources",
        {"StackResourceSummaries": [*resources, table] if table else []},
        {"StackName": stack},
    )


def existing(
    queues: Stubber, name: str, *, failures_to: str | None = None, messages: tuple[int, int]
) -> None:
    url = f"https://sqs/1/{name}"
    attributes = {
        "QueueArn": f"arn:{name}",
        "ApproximateNumberOfMessages": str(messages[0]),
        "ApproximateNumberOfMessagesNotVisible": str(messages[1]),
    }
    if failures_to:
        attributes["RedrivePolicy"] = json.dumps(
            {"deadLetterTargetArn": f"arn:{failures_to}", "maxReceiveCount": 5}
        )
    queues.add_response("get_queue_url", {"QueueUrl": url}, {"QueueName": name})
    queues.add_response(
        "get_queue_attributes", {"Attributes": attributes}, {"QueueUrl": url, "AttributeNames": ["All"]}
    )


def not_there(stacks: Stubber) -> None:
    stacks.add_client_error("list_stack_resources", "ValidationError", "Stack [x] does not exist")


def test_dead_letter_queues_are_found_in_the_stacks_with_their_sources(
    stubbed: tuple[Stubber, Stubber], cloudformation: Any, sqs: Any
) -> None:
    stacks, queues = stubbed
    holding(stacks, "orders-dev", "orders-dev-x-dlq", "orders-dev-x", "orders-dev-y-dlq")
    existing(queues, "orders-dev-x-dlq", messages=(3, 1))
    existing(queues, "orders-dev-x", failures_to="orders-dev-x-dlq", messages=(7, 0))
    existing(queues, "orders-dev-y-dlq", messages=(0, 0))

    found = dead_letters.find(cloudformation, sqs, "dev", [ORDERS])

    assert [(queue.short_name, queue.messages, [one.name for one in queue.sources]) for queue in found] == [
        ("x-dlq", 4, ["orders-dev-x"]),
        ("y-dlq", 0, []),
    ]
    first = found[0]
    assert (first.name, first.url) == ("orders-dev-x-dlq", "https://sqs/1/orders-dev-x-dlq")
    assert (first.arn, first.stage) == ("arn:orders-dev-x-dlq", "dev")
    assert first.sources == (Queue("orders-dev-x", "https://sqs/1/orders-dev-x", "arn:orders-dev-x"),)


def test_a_queue_whose_failures_go_nowhere_is_no_source(
    stubbed: tuple[Stubber, Stubber], cloudformation: Any, sqs: Any
) -> None:
    stacks, queues = stubbed
    holding(stacks, "orders-dev", "orders-dev-x-dlq", "orders-dev-x")
    existing(queues, "orders-dev-x-dlq", messages=(0, 0))
    existing(queues, "orders-dev-x", messages=(0, 0))

    [found] = dead_letters.find(cloudformation, sqs, "dev", [ORDERS])
    assert found.sources == ()


def test_the_queues_of_a_stage_are_looked_for_on_the_target_that_was_entered(
    monkeypatch: pytest.MonkeyPatch, stubbed: tuple[Stubber, Stubber], cloudformation: Any, sqs: Any
) -> None:
    clients = {"cloudformation": cloudformation, "sqs": sqs}
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=clients.__getitem__))
    stacks, queues = stubbed
    holding(stacks, "orders-dev", "orders-dev-x-dlq")
    existing(queues, "orders-dev-x-dlq", messages=(0, 0))

    assert [queue.name for queue in dead_letters.of_stage("dev", [ORDERS])] == ["orders-dev-x-dlq"]


def test_a_stack_that_is_not_there_yet_is_left_out(
    stubbed: tuple[Stubber, Stubber], cloudformation: Any, sqs: Any
) -> None:
    stacks, queues = stubbed
    not_there(stacks)
    holding(stacks, "payments-dev", "payments-dev-x-dlq")
    existing(queues, "payments-dev-x-dlq", messages=(0, 0))

    found = dead_letters.find(cloudformation, sqs, "dev", [ORDERS, PAYMENTS])

    assert [queue.name for queue in found] == ["payments-dev-x-dlq"]


def test_a_stage_without_stacks_is_said_not_to_be_there(
    stubbed: tuple[Stubber, Stubber], cloudformation: Any, sqs: Any
) -> None:
    not_there(stubbed[0])

    with pytest.raises(StagectlError, match="Stage dev has no stacks"):
        dead_letters.find(cloudformation, sqs, "dev", [ORDERS])


def queue(name: str, short_name: str) -> DeadLetterQueue:
    return DeadLetterQueue(name, short_name, "url", 0, (), "arn", "dev")


QUEUES = [queue("a-dev-x-dlq", "x-dlq"), queue("b-dev-x-dlq", "x-dlq"), queue("b-dev-y-dlq", "y-dlq")]


@pytest.mark.parametrize(
    ("wanted", "name"), [("b-dev-y-dlq", "b-dev-y-dlq"), ("y-dlq", "b-dev-y-dlq"), ("a-dev-x-dlq",) * 2]
)
def test_a_queue_may_be_named_without_service_and_stage(wanted: str, name: str) -> None:
    assert dead_letters.choose(QUEUES, wanted).name == name


def test_a_short_name_of_two_queues_is_refused_with_both() -> None:
    with pytest.raises(UsageError, match="any of: a-dev-x-dlq, b-dev-x-dlq"):
        dead_letters.choose(QUEUES, "x-dlq")


def test_an_unknown_queue_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no dead-letter queue z\. Dead-letter queues: a-dev-x-dlq, b-dev"):
        dead_letters.choose(QUEUES, "z")


def test_a_stage_without_dead_letter_queues_is_said_to_have_none() -> None:
    with pytest.raises(UsageError, match=r"queues: none\.$"):
        dead_letters.choose([], "z")
