"""A rule delivers to a queue only if the queue's policy allows it, and does not retry a refusal.

What cannot be delivered goes, with the reason in its attributes, to the target's dead-letter queue, if that
queue's policy lets the rule; otherwise it is lost.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import eventbridge, sqs

Invoke = Callable[..., None]

logger = logging.getLogger("eventbridge")


def install() -> None:
    """Apply the rule to the delivery to targets."""
    eventbridge._invoke_target = asking_policies_of_queues(eventbridge._invoke_target)


def asking_policies_of_queues(invoke: Invoke) -> Invoke:
    """Make the invocation of a target ask the policy of its queue first."""

    @wraps(invoke)
    def operation(
        target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None
    ) -> None:
        reason = why_refused(target.get("Arn", ""), rule)
        if reason is None:
            invoke(target, event, rule, view)
            return
        view = view or eventbridge._pattern_event_view(event)
        keep(target, rule, json.dumps(view.event_with_detail()), reason)

    return operation


def why_refused(arn: str, rule: dict[str, Any]) -> str | None:
    """Say by EventBridge's error code why a rule cannot send to a queue; None when it can."""
    if ":sqs:" not in arn:
        return None
    if sqs._queue_by_arn(arn) is None:
        return "NO_RESOURCE"
    allowed = sqs.queue_policy_allows(arn, "events.amazonaws.com", rule["Arn"], get_account_id())
    return None if allowed else "NO_PERMISSIONS"


def keep(target: dict[str, Any], rule: dict[str, Any], event: str, reason: str) -> None:
    """Send an event to the dead-letter queue of its target."""
    arn = target.get("DeadLetterConfig", {}).get("Arn", "")
    if not arn or why_refused(arn, rule):
        logger.error("EventBridge: an event of %s for %s is lost: %s", rule["Arn"], target["Arn"], reason)
        return
    attributes = {
        "RULE_ARN": rule["Arn"],
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": reason,
        "ERROR_MESSAGE": f"The rule cannot send to {target['Arn']}.",
    }
    sqs._act_send_message(
        {
            "MessageBody": event,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        },
        sqs._queue_url(arn.rpartition(":")[2]),
    )
