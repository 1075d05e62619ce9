"""The stage's queues: which there are, what is in them, and how soon a failed message comes again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mypy_boto3_sqs.literals import QueueAttributeNameType

from stage import Stage

_COUNTS: tuple[QueueAttributeNameType, ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def of_stage(stage: Stage) -> list[str]:
    """Give the URLs of the queues that the stage's functions read from: those that have dead letters."""
    pages = stage.sqs.get_paginator("list_queues").paginate()
    return [
        url
        for page in pages
        for url in page.get("QueueUrls", [])
        if _is_of(url.rpartition("/")[2], stage) and _has_dead_letters(stage, url)
    ]


def count(stage: Stage, url: str) -> int:
    """Count the messages of a queue, those being worked on included."""
    counts = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
    return sum(int(counts.get(name, 0)) for name in _COUNTS)


@contextmanager
def redelivering_after(stage: Stage, urls: Sequence[str], seconds: int) -> Iterator[None]:
    """Let messages that failed come again soon, for a block."""
    before = {url: _visibility(stage, url) for url in urls}
    for url in urls:
        _set_visibility(stage, url, str(seconds))
    try:
        yield
    finally:
        for url, value in before.items():
            _set_visibility(stage, url, value)


def _is_of(name: str, stage: Stage) -> bool:
    return name.startswith(tuple(f"{service}-{stage.name}-" for service in stage.services))


def _has_dead_letters(stage: Stage, url: str) -> bool:
    answer = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    return "RedrivePolicy" in answer.get("Attributes", {})


def _visibility(stage: Stage, url: str) -> str:
    answer = stage.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    return answer["Attributes"]["VisibilityTimeout"]


def _set_visibility(stage: Stage, url: str, value: str) -> None:
    stage.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": value})
