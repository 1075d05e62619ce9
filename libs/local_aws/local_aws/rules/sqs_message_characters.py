"""Bodies and attributes of messages hold the same characters; MiniStack checks bodies alone.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html
"""

from functools import wraps
from typing import Any

from ministack.services import sqs


def install() -> None:
    """Refuse others."""
    send = sqs._act_send_message

    @wraps(send)
    def send_message(data: dict[str, Any], url: str) -> Any:
        for attribute in (data.get("MessageAttributes") or {}).values():
            if sqs._INVALID_SQS_CHARS_RE.search(attribute.get("StringValue") or ""):
                raise sqs._Err(
                    "InvalidMessageContents", "The message contains characters outside the allowed set."
                )
        return send(data, url)

    sqs._act_send_message = send_message  # for batches
    sqs._HANDLERS["SendMessage"] = send_message
