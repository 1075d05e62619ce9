"""A topic without a policy gets one that allows services to act for its owner, and no principal.

Its condition, `AWS:SourceOwner`, is a key that services set and calls of principals do not have. So a
principal of the account needs a permission of its own, whichever way the topic was made.

https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html
https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html (`aws:SourceOwner`)
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import sns
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)


def install() -> None:
    """Give it to topics that CloudFormation makes, and to those whose own policy is removed."""
    topic = _RESOURCE_HANDLERS["AWS::SNS::Topic"]
    topic["create"] = making_topics(topic["create"])
    policy = _RESOURCE_HANDLERS["AWS::SNS::TopicPolicy"]
    policy["delete"] = removing_policies(policy["delete"])


def making_topics(make: Callable[..., Any]) -> Callable[..., Any]:
    """Make a new topic have the default policy."""

    @wraps(make)
    def operation(*arguments: Any) -> Any:
        arn, attributes = make(*arguments)
        give_default_policy(arn)
        return arn, attributes

    return operation


def removing_policies(remove: Callable[..., Any]) -> Callable[..., Any]:
    """Make topics that lose their policy have the default one."""

    @wraps(remove)
    def operation(physical_id: str, properties: dict[str, Any]) -> Any:
        answer = remove(physical_id, properties)
        for arn in properties.get("Topics", []):
            give_default_policy(arn)
        return answer

    return operation


def give_default_policy(arn: str) -> None:
    """Set the default policy of a topic, if it is still there."""
    topic = sns._topics.get(arn)
    if topic is None:
        return
    owner = topic["attributes"]["Owner"]
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in ACTIONS],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    topic["attributes"]["Policy"] = json.dumps(policy)
