"""Bringing home what ended in a dead-letter queue, once its cause is gone."""

import json
from typing import TYPE_CHECKING, Any

import boto3
from mypy_boto3_sqs.type_defs import MessageTypeDef

from faults.queues import Queues
from stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef


class NoWayHomeError(Exception):
    """A dead letter does not say where it belongs."""


def redrive(stage: Stage, queues: Queues) -> int:
    """Move all dead letters to where they came from and give their number.

    Raises:
        NoWayHomeError: one of them does not tell; it stays where it is.
    """
    return sum(_redrive_queue(stage, dead, source) for dead, source in queues.dead.items())


def _redrive_queue(stage: Stage, dead: str, source: str | None) -> int:
    moved = 0
    while True:
        received = stage.sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=0)
        messages = received.get("Messages", [])
        if not messages:
            return moved
        for message in messages:
            _send_home(stage, message, source)
            stage.sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
            moved += 1


def _send_home(stage: Stage, message: MessageTypeDef, source: str | None) -> None:
    if source is not None:
        stage.sqs.send_message(QueueUrl=source, MessageBody=message["Body"])
        return
    letter: Any = json.loads(message["Body"])
    try:
        entry: PutEventsRequestEntryTypeDef = {
            "EventBusName": letter["EventBusName"],
            "Source": letter["Source"],
            "DetailType": letter["DetailType"],
            "Detail": letter["Detail"],
        }
    except (KeyError, TypeError):
        raise NoWayHomeError(f"This dead letter is no event: {message['Body']}") from None
    answer = boto3.client("events", region_name=stage.region).put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        raise NoWayHomeError(f"The bus refused a dead letter: {answer['Entries']}")
