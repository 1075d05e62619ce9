"""Policies may speak of a user pool's tags (`aws:ResourceTag`).

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
"""

from ministack.services import tagging


def install() -> None:
    """Let the tags of user pools be found."""
    tagging._RESOURCE_TAG_COLLECTORS["cognito-idp"] = tagging._collect_cognito
