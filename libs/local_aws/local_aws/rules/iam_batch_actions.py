"""SQS and SNS have no permissions for batches: the permission to send one message covers ten.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from functools import wraps
from typing import Any

from ministack.core import iam_actions


def install() -> None:
    """Make a batch the action of a single message."""
    extract = iam_actions.extract_iam_action

    @wraps(extract)
    def operation(*request: Any) -> str | None:
        action: str | None = extract(*request)
        return action.removesuffix("Batch") if action and action.startswith(("sqs:", "sns:")) else action

    iam_actions.extract_iam_action = operation
