"""A message is not empty; its subject is a line of less than 100 ASCII characters, the first visible.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (Message, Subject)
"""

import re
from functools import wraps
from typing import Any

from ministack.services import sns

SUBJECT = re.compile(r"[!-~][ -~]{0,98}")


def install() -> None:
    """Refuse other content, in batches message by message."""
    publish, publish_batch = sns._publish, sns._publish_batch

    @wraps(publish)
    def publish_one(parameters: Any) -> Any:
        fault = fault_of(sns._p(parameters, "Message"), sns._p(parameters, "Subject"))
        return (
            sns._error("InvalidParameter", f"Invalid parameter: {fault}", 400)
            if fault
            else publish(parameters)
        )

    @wraps(publish_batch)
    def publish_some(parameters: Any) -> Any:
        for entry in sns._parse_batch_entries(parameters):
            fault = fault_of(entry.get("message", ""), entry.get("subject", ""))
            if fault:
                return sns._error("InvalidParameter", f"Invalid parameter: {fault}", 400)
        return publish_batch(parameters)

    sns._publish = publish_one
    sns._publish_batch = publish_some


def fault_of(message: str, subject: str) -> str | None:
    """Return what is wrong with a message."""
    if not message:
        return "Empty message"
    if subject and not SUBJECT.fullmatch(subject):
        return "Subject"
    return None
