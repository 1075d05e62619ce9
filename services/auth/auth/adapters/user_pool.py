"""The Cognito user pool."""

from service_kit.clients import client
from service_kit.snapshots import before_snapshot

# The pool's name comes with the event, so that there is no object of the class below before it.
before_snapshot(lambda: client("cognito-idp"))


class UserPool:
    """The users of a Cognito user pool."""

    def __init__(self, user_pool_id: str) -> None:
        self._user_pool_id = user_pool_id

    def join(self, username: str, group: str) -> None:
        """Put a user into a group; Cognito accepts a user that is in it already."""
        client("cognito-idp").admin_add_user_to_group(
            UserPoolId=self._user_pool_id, Username=username, GroupName=group
        )

    def mark_email_verified(self, username: str) -> None:
        """Note that the user's e-mail address is the user's own."""
        client("cognito-idp").admin_update_user_attributes(
            UserPoolId=self._user_pool_id,
            Username=username,
            UserAttributes=[{"Name": "email_verified", "Value": "true"}],
        )
