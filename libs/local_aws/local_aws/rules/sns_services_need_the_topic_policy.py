"""CloudWatch and EventBridge publish to a topic only if its policy allows them.

CloudWatch names the account and the alarm it acts for, so the default policy of a topic lets it publish.
EventBridge does not name the owner: a topic needs a statement for `events.amazonaws.com`.

https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html (CloudWatch alarms)
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html (Amazon SNS permissions)
"""

import logging
from functools import wraps
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch, eventbridge, sns

LOGGER = logging.getLogger("sns")


def install() -> None:
    """Ask the topic's policy before either publishes."""
    dispatch_alarm = cloudwatch._dispatch_alarm_actions
    dispatch = eventbridge._dispatch_to_sns

    @wraps(dispatch_alarm)
    def dispatch_alarm_actions(alarm: dict[str, Any], *state: Any) -> Any:
        source = {
            "aws:sourcearn": alarm.get("AlarmArn", ""),
            "aws:sourceaccount": get_account_id(),
            "aws:sourceowner": get_account_id(),
        }
        for field in ("AlarmActions", "OKActions", "InsufficientDataActions"):
            actions = alarm.get(field) or []
            alarm = {
                **alarm,
                field: [arn for arn in actions if may_publish("cloudwatch.amazonaws.com", arn, source)],
            }
        return dispatch_alarm(alarm, *state)

    @wraps(dispatch)
    def dispatch_to_sns(arn: str, payload: Any) -> Any:
        if may_publish("events.amazonaws.com", arn, {"aws:sourceaccount": get_account_id()}):
            dispatch(arn, payload)

    cloudwatch._dispatch_alarm_actions = dispatch_alarm_actions
    eventbridge._dispatch_to_sns = dispatch_to_sns


def may_publish(service: str, arn: str, source: dict[str, str]) -> bool:
    """Return whether a topic's policy lets a service publish; True for what is not a topic."""
    topic = sns._topic_by_arn_any_scope(arn)
    if topic is None:
        return True
    question = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="sns:Publish",
        resource_arn=arn,
        region=get_region(),
        service_context=source,
    )
    policy = topic["attributes"].get("Policy") or ""
    is_allowed: bool = evaluate_resource_policy(policy, question, service=service).decision == "Allow"
    if not is_allowed:
        LOGGER.warning("%s may not publish to %s: its policy does not allow it", service, arn)
    return is_allowed
