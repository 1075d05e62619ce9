"""The Cognito user pool."""

from service_kit.clients import client


class UserPoolGroups:
    """The groups of a Cognito user pool."""

    def add(self, user_pool_id: str, username: str, group: str) -> None:
        """Put a user into a group; Cognito accepts a user that is in it already."""
        client("cognito-idp").admin_add_user_to_group(
            UserPoolId=user_pool_id, Username=username, GroupName=group
        )
