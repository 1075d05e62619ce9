"""The dead-letter queues of a stage, found through its stacks."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stagectl import aws
from stagectl.aws import refusals
from stagectl.checkout.services import Stack
from stagectl.errors import StagectlError, UsageError
from stagectl.stacks.stack_reader import StackReader
from stagectl.terminal import hints

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_sqs.client import SQSClient

SUFFIX = "-dlq"
_QUEUE = "AWS::SQS::Queue"


@dataclass(frozen=True)
class Queue:
    """A queue that a function reads."""

    name: str
    url: str
    arn: str


@dataclass(frozen=True)
class DeadLetterQueue:
    """A queue of failures.

    Attributes:
        name: Its whole name.
        short_name: Its name without `{service}-{stage}-`.
        url: Where SQS finds it.
        messages: How many it holds, about; those that are in flight are counted too.
        sources: The queues whose failures come here. None when something else sends them, such as a stream.
        arn: Its ARN.
        stage: The stage that it belongs to.
    """

    name: str
    short_name: str
    url: str
    messages: int
    sources: tuple[Queue, ...]
    arn: str
    stage: str


def of_stage(stage: str, stacks: Iterable[Stack]) -> list[DeadLetterQueue]:
    """Return the dead-letter queues of a stage by name; its target must have been entered.

    Raises:
        StagectlError: There is no such stage.
    """
    session = aws.session()
    return find(session.client("cloudformation"), session.client("sqs"), stage, stacks)


def find(
    cloudformation: "CloudFormationClient", sqs: "SQSClient", stage: str, stacks: Iterable[Stack]
) -> list[DeadLetterQueue]:
    """Return the dead-letter queues of a stage by name.

    They are the queues of its stacks that are called `{service}-{stage}-…-dlq`. The stacks are asked, since
    by name alone the stage `dev` would own the queues of a stage `dev-2`.

    Raises:
        StagectlError: The stage has none of the stacks.
    """
    found: list[tuple[Stack, Queue, Mapping[Any, str]]] = []
    is_there = False
    for stack in stacks:
        names = _queue_names(cloudformation, stack.on_stage(stage))
        is_there = is_there or names is not None
        for name in names or ():
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            found.append((stack, Queue(name, url, attributes["QueueArn"]), attributes))
    if not is_there:
        raise StagectlError(f"Stage {stage} has no stacks. To list stages: stagectl list.")
    return sorted(_dead_letter_queues(stage, found), key=lambda queue: queue.name)


def choose(queues: Sequence[DeadLetterQueue], wanted: str) -> DeadLetterQueue:
    """Return the queue that a whole name, or one without `{service}-{stage}-`, means.

    Raises:
        UsageError: There is none of that name, or more than one.
    """
    matching = [queue for queue in queues if wanted in {queue.name, queue.short_name}]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise UsageError(f"{wanted} may be any of: {', '.join(queue.name for queue in matching)}")
    raise UsageError(hints.unknown("dead-letter queue", wanted, [queue.name for queue in queues]))


def _queue_names(cloudformation: "CloudFormationClient", stack: str) -> list[str] | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        resources = StackReader(cloudformation).resources(stack)
    except ClientError as error:
        if refusals.is_missing(error):
            return None
        raise
    return [one.physical_id.rpartition("/")[2] for one in resources if one.type == _QUEUE]


def _dead_letter_queues(
    stage: str, found: Sequence[tuple[Stack, Queue, Mapping[Any, str]]]
) -> Iterator[DeadLetterQueue]:
    for stack, queue, attributes in found:
        prefix = f"{stack.on_stage(stage)}-"
        if queue.name.startswith(prefix) and queue.name.endswith(SUFFIX):
            yield DeadLetterQueue(
                name=queue.name,
                short_name=queue.name.removeprefix(prefix),
                url=queue.url,
                messages=int(attributes["ApproximateNumberOfMessages"])
                + int(attributes["ApproximateNumberOfMessagesNotVisible"]),
                sources=tuple(
                    source for _, source, policy in found if _failures_go_to(policy) == attributes["QueueArn"]
                ),
                arn=queue.arn,
                stage=stage,
            )


def _failures_go_to(attributes: Mapping[Any, str]) -> str | None:
    target = json.loads(attributes.get("RedrivePolicy") or "{}").get("deadLetterTargetArn")
    return str(target) if target else None
