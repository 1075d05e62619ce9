"""The stage's queues: which there are, what is in them, and how soon a failed message comes again."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mypy_boto3_sqs.literals import QueueAttributeNameType

from support.stage import Stage

_COUNTS: tuple[QueueAttributeNameType, ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    # An order's message rests until the patience is over, which is short in a run.
    "ApproximateNumberOfMessagesDelayed",
)


def of_stage(stage: Stage) -> list[str]:
    """Return the URLs of the queues that the stage's functions read from: those that have dead letters."""
    pages = stage.sqs.get_paginator("list_queues").paginate()
    return [
        url
        for page in pages
        for url in page.get("QueueUrls", [])
        if _is_of(url.rpartition("/")[2], stage) and _has_dead_letters(stage, url)
    ]


def count(stage: Stage, url: str) -> int:
    """Count the messages of a queue, those that are delayed or being worked on included."""
    counts = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
    return sum(int(counts.get(name, 0)) for name in _COUNTS)


@contextmanager
def impatient(stage: Stage, urls: Sequence[str], *, seconds: int, tries: int) -> Iterator[None]:
    """Let messages of a killed worker come again after some seconds, and give up after some tries."""
    before = {
        url: stage.sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["VisibilityTimeout", "RedrivePolicy"]
        )
        for url in urls
    }
    for url, answer in before.items():
        policy = json.loads(answer["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": tries}
        attributes: dict[QueueAttributeNameType, str] = {
            "VisibilityTimeout": str(seconds),
            "RedrivePolicy": json.dumps(policy),
        }
        stage.sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    try:
        yield
    finally:
        for url, answer in before.items():
            stage.sqs.set_queue_attributes(QueueUrl=url, Attributes=answer["Attributes"])


def _is_of(name: str, stage: Stage) -> bool:
    return name.startswith(tuple(f"{service}-{stage.name}-" for service in stage.services))


def _has_dead_letters(stage: Stage, url: str) -> bool:
    answer = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    return "RedrivePolicy" in answer.get("Attributes", {})
