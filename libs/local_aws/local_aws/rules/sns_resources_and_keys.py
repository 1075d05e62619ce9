"""IAM authorizes a topic's tags by its ARN, and a subscription by its protocol and endpoint.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
"""

from ministack.core.iam_actions import _query_param

from local_aws.questions import Call, Resources, about

TAGGING = {"TagResource", "UntagResource", "ListTagsForResource"}


def install() -> None:
    """Apply the rule to IAM's checks."""
    about("sns", topic)


def topic(call: Call) -> Resources | None:
    """Return the topic of calls about its tags or subscriptions."""
    action = call.action("sns")
    if action in TAGGING:
        return Resources.of((_query_param(call.query, "ResourceArn"), {}))
    if action == "Subscribe":
        keys = {f"sns:{name}": _query_param(call.query, name) for name in ("Protocol", "Endpoint")}
        return Resources.of((_query_param(call.query, "TopicArn"), keys))
    return None
