"""Putting aside what can never succeed, with its reason, instead of trying it again and again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from service_kit import aws
from service_kit.secret_shapes import without_secrets
from service_kit.settings import ServiceSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

__all__ = ["MAX_BODY_BYTES", "DeadLetterSettings", "put_aside"]

MAX_BODY_BYTES = 1024 * 1024 - 4 * 1024
"""How large a body may be: SQS takes 1 MiB with the attributes."""

_MAX_REASON_CHARS = 1_000
# SQS refuses a message with any other character.
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class DeadLetterSettings(ServiceSettings):
    """For functions that put aside what can never succeed; without a queue they report it as failed."""

    dead_letter_queue_url: str | None = None


def put_aside(
    queue_url: str, body: str, *, code: str, reason: str, first_id: str, target: str | None = None
) -> None:
    """Send something to a dead-letter queue, as EventBridge does: whole, with the reason in its attributes.

    Args:
        queue_url: The dead-letter queue.
        body: What could not be worked on, so that it can be sent again.
        code: What kind of failure it is.
        reason: Why it failed, without data.
        first_id: The id that logs and other tools know it by.
        target: ARN of the queue that it belongs to, if it belongs to one.

    Raises:
        botocore.exceptions.ClientError: It is not in the queue. It must not be taken for done.
        botocore.exceptions.BotoCoreError: The same.
    """
    said = {"ERROR_CODE": code, "ERROR_MESSAGE": reason, "MESSAGE_ID": first_id, "TARGET_ARN": target}
    aws.client("sqs").send_message(
        QueueUrl=queue_url,
        MessageBody=body,
        MessageAttributes={name: _text(value) for name, value in said.items() if value},
    )


def _text(value: str) -> MessageAttributeValueTypeDef:
    return {
        "DataType": "String",
        "StringValue": _REFUSED.sub("?", without_secrets(value))[:_MAX_REASON_CHARS],
    }
