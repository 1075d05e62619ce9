"""The stage's queues: which there are, what is in them, and how soon a failed message comes again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mypy_boto3_sqs.literals import QueueAttributeNameType

from stage import Stage

_COUNTS: tuple[QueueAttributeNameType, ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True)
class Queues:
    """The queues that functions read from, and those that take what could not be worked on.

    Attributes:
        work: URLs of the former.
        dead: URLs of the latter, each with the URL of the queue that its messages come from; None for what a
            function or a stream leaves there.
    """

    work: tuple[str, ...]
    dead: dict[str, str | None]


def of_stage(stage: Stage) -> Queues:
    """Find the queues of the stage's services."""
    pages = stage.sqs.get_paginator("list_queues").paginate()
    urls = {url.rpartition("/")[2]: url for page in pages for url in page.get("QueueUrls", [])}
    ours = {name: url for name, url in urls.items() if _is_of(name, stage)}
    dead: dict[str, str | None] = {url: None for name, url in ours.items() if name.endswith("-dlq")}
    work = []
    for url in ours.values():
        attributes = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
        policy = attributes.get("Attributes", {}).get("RedrivePolicy")
        if policy:
            target = json.loads(policy)["deadLetterTargetArn"].rpartition(":")[2]
            dead[urls[target]] = url
            work.append(url)
    return Queues(tuple(work), dead)


def count(stage: Stage, url: str) -> int:
    """Count the messages of a queue, those being worked on included."""
    counts = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
    return sum(int(counts.get(name, 0)) for name in _COUNTS)


@contextmanager
def redelivering_after(stage: Stage, queues: Queues, seconds: int) -> Iterator[None]:
    """Let messages that failed come again soon, for a block."""
    before = {url: _visibility(stage, url) for url in queues.work}
    for url in queues.work:
        _set_visibility(stage, url, str(seconds))
    try:
        yield
    finally:
        for url, value in before.items():
            _set_visibility(stage, url, value)


def _is_of(name: str, stage: Stage) -> bool:
    return name.startswith(tuple(f"{service}-{stage.name}-" for service in stage.services))


def _visibility(stage: Stage, url: str) -> str:
    answer = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    return answer["Attributes"]["VisibilityTimeout"]


def _set_visibility(stage: Stage, url: str, value: str) -> None:
    stage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": value})
