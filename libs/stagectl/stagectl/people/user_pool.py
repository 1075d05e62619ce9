"""The users of a stage's pool."""

import secrets
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from stagectl import aws
from stagectl.errors import StagectlError, UsageError
from stagectl.stacks import base_stage
from stagectl.terminal import hints

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

OWNER = "auth"
TOKEN_LIFETIME = timedelta(minutes=15)
"""How long an ID token lasts that was issued just before its user was disabled (auth, clients.yml)."""

_INVITED = "FORCE_CHANGE_PASSWORD"
_NOT_IN_FILTERS = frozenset('"\\')


@dataclass(frozen=True)
class User:
    """A user of the pool.

    Attributes:
        user_id: The `sub`, which never changes.
        username: Cognito's name of the user, a random one.
        email: E-mail address; empty when there is none.
        given_name: First name.
        family_name: Last name.
        is_verified: Whether the address is proven to be theirs.
        is_enabled: Whether they may sign in.
        status: Cognito's word for how far the sign-up is, such as `CONFIRMED`.
        created_at: When the user was created.
        changed_at: When the user was last changed or disabled.
    """

    user_id: str
    username: str
    email: str
    given_name: str
    family_name: str
    is_verified: bool
    is_enabled: bool
    status: str
    created_at: datetime
    changed_at: datetime

    @classmethod
    def deleted(cls, user_id: str) -> Self:
        """Return what is left to know of a deleted user: the id."""
        never = datetime.fromtimestamp(0, tz=UTC)
        return cls(user_id, "", "", "", "", False, False, "", never, never)


class UserPool:
    """The user pool of a stage.

    Args:
        cognito: Client of its target.
        pool_id: Its id.
        stage: The stage.
    """

    def __init__(self, cognito: "CognitoIdentityProviderClient", pool_id: str, stage: str) -> None:
        self._cognito = cognito
        self._pool_id = pool_id
        self._stage = stage

    @classmethod
    def of_stage(cls, stage: str) -> Self:
        """Return the pool of a stage, whose target must have been entered.

        Raises:
            StagectlError: The stage has no pool of its own.
        """
        session = aws.session()
        ssm = session.client("ssm")
        base = base_stage.taken(ssm, stage, [OWNER]).get(OWNER)
        if base:
            raise StagectlError(f"Stage {stage} uses the users of stage {base}. Pass --stage {base}.")
        try:
            pool_id = ssm.get_parameter(Name=f"/{OWNER}/{stage}/userPoolId")["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            raise StagectlError(
                f"Stage {stage} has no user pool. Deploy it: stagectl up --stage {stage} --service {OWNER}."
            ) from None
        return cls(session.client("cognito-idp"), pool_id, stage)

    def users(self, *, group: str | None = None) -> Iterator[User]:
        """Yield all users, or those of a group.

        Raises:
            UsageError: There is no such group.
        """
        pages: Iterable[Any]
        if group is None:
            pages = self._cognito.get_paginator("list_users").paginate(UserPoolId=self._pool_id)
        else:
            self.check_groups([group])
            members = self._cognito.get_paginator("list_users_in_group")
            pages = members.paginate(UserPoolId=self._pool_id, GroupName=group)
        for page in pages:
            yield from map(_user, page["Users"])

    def check_groups(self, names: Collection[str]) -> None:
        """Check that groups exist.

        Raises:
            UsageError: One does not.
        """
        if not names:
            return
        pages = self._cognito.get_paginator("list_groups").paginate(UserPoolId=self._pool_id)
        known = [one["GroupName"] for page in pages for one in page["Groups"]]
        for name in names:
            if name not in known:
                raise UsageError(hints.unknown("group", name, known))

    def find(self, who: str) -> User:
        """Return the user with an e-mail address, a user id or a user name.

        Raises:
            UsageError: There is none, or more than one.
        """
        attributes = ("email",) if "@" in who else ("sub", "username")
        listing = self._cognito.get_paginator("list_users")
        found: dict[str, User] = {}
        if not _NOT_IN_FILTERS & set(who):
            for attribute in attributes:
                pages = listing.paginate(UserPoolId=self._pool_id, Filter=f'{attribute} = "{who.strip()}"')
                found |= {user.user_id: user for page in pages for user in map(_user, page["Users"])}
        if not found:
            raise UnknownUserError(
                f"Stage {self._stage} has no user {who}. To list users: "
                f"stagectl users list --stage {self._stage}."
            )
        if len(found) > 1:
            raise UsageError(f"{who} is the address of several users. Pass a user id: {', '.join(found)}.")
        return next(iter(found.values()))

    def create(self, email: str, given_name: str, family_name: str, *, password: str | None) -> User:
        """Create a user with a verified address.

        Args:
            email: E-mail address; kept in lower case.
            given_name: First name.
            family_name: Last name.
            password: The temporary password. Without one Cognito makes it up and sends it by e-mail.

        Raises:
            UsageError: The address has a user.
        """
        try:
            user = self.find(email)
        except UnknownUserError:
            pass
        else:
            raise UsageError(
                f"The address has a user already: {user.user_id}. To let them in: stagectl users enable, "
                "or a new password on the page."
            )
        quiet: dict[str, Any] = (
            {"MessageAction": "SUPPRESS", "TemporaryPassword": password}
            if password
            else {"DesiredDeliveryMediums": ["EMAIL"]}
        )
        answer = self._cognito.admin_create_user(
            UserPoolId=self._pool_id,
            # As on the page: an address as name would reveal who has an account.
            Username=str(uuid.uuid4()),
            UserAttributes=[
                {"Name": "email", "Value": email.lower()},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "given_name", "Value": given_name},
                {"Name": "family_name", "Value": family_name},
            ],
            **quiet,
        )
        return _user(answer["User"])

    def invite_again(self, user: User) -> None:
        """Send another temporary password.

        Raises:
            UsageError: The user has chosen a password already.
        """
        if user.status != _INVITED:
            raise UsageError(f"{user.email} has chosen a password already. They can sign in on the page.")
        self._cognito.admin_create_user(
            UserPoolId=self._pool_id,
            Username=user.username,
            MessageAction="RESEND",
            DesiredDeliveryMediums=["EMAIL"],
        )

    def disable(self, user: User) -> None:
        """Refuse sign-ins of a user and revoke their refresh tokens."""
        self._cognito.admin_disable_user(UserPoolId=self._pool_id, Username=user.username)
        self._cognito.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=user.username)

    def enable(self, user: User) -> None:
        """Let a user sign in again."""
        self._cognito.admin_enable_user(UserPoolId=self._pool_id, Username=user.username)

    def sign_in(self, user: User, password: str) -> str:
        """Give a user a password for good, sign in with it, and return the ID token."""
        names = {"UserPoolId": self._pool_id, "Username": user.username}
        self._cognito.admin_set_user_password(**names, Password=password, Permanent=True)
        client_id = aws.session().client("ssm").get_parameter(Name=f"/{OWNER}/{self._stage}/serverClientId")
        answer = self._cognito.admin_initiate_auth(
            UserPoolId=self._pool_id,
            ClientId=client_id["Parameter"]["Value"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": password},
        )
        return answer["AuthenticationResult"]["IdToken"]

    def delete(self, user: User) -> None:
        """Delete a user; one that is gone is fine."""
        try:
            self._cognito.admin_delete_user(UserPoolId=self._pool_id, Username=user.username)
        except self._cognito.exceptions.UserNotFoundException:
            return

    def groups_of(self, user: User) -> list[str]:
        """Return the names of a user's groups."""
        pages = self._cognito.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=self._pool_id, Username=user.username
        )
        return sorted(group["GroupName"] for page in pages for group in page["Groups"])

    def join(self, user: User, group: str) -> None:
        """Make a user a member of a group; one who is a member stays one."""
        self._cognito.admin_add_user_to_group(
            UserPoolId=self._pool_id, Username=user.username, GroupName=group
        )

    def leave(self, user: User, group: str) -> None:
        """Remove a user from a group."""
        self._cognito.admin_remove_user_from_group(
            UserPoolId=self._pool_id, Username=user.username, GroupName=group
        )


class UnknownUserError(UsageError):
    """No user of the pool has that address, id or name."""


def temporary_password() -> str:
    """Return a random password that meets the pool's policy."""
    return f"Aa1!{secrets.token_urlsafe(12)}"


def _user(answer: Any) -> User:
    attributes = {one["Name"]: one["Value"] for one in answer.get("Attributes", ())}
    return User(
        user_id=attributes["sub"],
        username=answer["Username"],
        email=attributes.get("email", ""),
        given_name=attributes.get("given_name", ""),
        family_name=attributes.get("family_name", ""),
        is_verified=attributes.get("email_verified") == "true",
        is_enabled=answer["Enabled"],
        status=answer["UserStatus"],
        created_at=answer["UserCreateDate"],
        changed_at=answer["UserLastModifiedDate"],
    )
