"""Preconditions of scenarios. What these steps create, they remove, also when the scenario fails."""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from mypy_boto3_cognito_idp.type_defs import AuthenticationResultTypeTypeDef

from drivers.proxy_event import decoded
from support.stage import Stage

# The code of the emulator for every sign-up and every new password.
EMULATORS_CODE = "123456"
EMULATORS_RESET_CODE = "654321"


@dataclass(frozen=True)
class Person:
    """A person who may sign up."""

    username: str = field(default_factory=lambda: f"e2e-{uuid.uuid4()}")
    given_name: str = "Eve"
    family_name: str = "Endtoend"
    password: str = field(default_factory=lambda: f"Aa1!{uuid.uuid4().hex}", repr=False)

    @property
    def email(self) -> str:
        """A unique address in the domain that AWS provides for tests, where nothing bounces."""
        return f"success+{self.username}@simulator.amazonses.com"

    @property
    def attributes(self) -> list[Any]:
        """Their Cognito attributes."""
        return [
            {"Name": "email", "Value": self.email},
            {"Name": "given_name", "Value": self.given_name},
            {"Name": "family_name", "Value": self.family_name},
        ]


@dataclass(frozen=True)
class User:
    """A signed-in user."""

    person: Person
    id_token: str = field(repr=False)
    access_token: str = field(repr=False)

    @property
    def user_id(self) -> str:
        """Cognito's `sub`."""
        return str(decoded(self.id_token)["sub"])


@contextmanager
def a_signed_in_user(stage: Stage, groups: Sequence[str] = ()) -> Iterator[User]:
    """Yield a new user in these groups, who is removed afterwards."""
    person = Person()
    pool = stage.published("auth", "userPoolId")
    with removed_afterwards(stage, person):
        stage.cognito.admin_create_user(
            UserPoolId=pool,
            Username=person.username,
            MessageAction="SUPPRESS",
            UserAttributes=[*person.attributes, {"Name": "email_verified", "Value": "true"}],
        )
        stage.cognito.admin_set_user_password(
            UserPoolId=pool, Username=person.username, Password=person.password, Permanent=True
        )
        for group in groups:
            stage.cognito.admin_add_user_to_group(UserPoolId=pool, Username=person.username, GroupName=group)
        tokens = sign_in(stage, person.username, person.password)
        yield User(person, tokens["IdToken"], tokens["AccessToken"])


@contextmanager
def removed_afterwards(stage: Stage, person: Person) -> Iterator[Person]:
    """Remove the user at the end, if it exists then."""
    try:
        yield person
    finally:
        pool = stage.published("auth", "userPoolId")
        with suppress(stage.cognito.exceptions.UserNotFoundException):
            stage.cognito.admin_delete_user(UserPoolId=pool, Username=person.username)


@contextmanager
def removed_by_email_afterwards(stage: Stage, person: Person) -> Iterator[Person]:
    """Remove the user with the person's e-mail address, whatever its user name."""
    try:
        yield person
    finally:
        for username in _usernames_of(stage, person):
            stage.cognito.admin_delete_user(
                UserPoolId=stage.published("auth", "userPoolId"), Username=username
            )


def confirmed_by_an_admin(stage: Stage, person: Person) -> None:
    """Confirm the sign-up and the e-mail address of a user who registered on the page."""
    pool = stage.published("auth", "userPoolId")
    for username in _usernames_of(stage, person):
        stage.cognito.admin_confirm_sign_up(UserPoolId=pool, Username=username)
        stage.cognito.admin_update_user_attributes(
            UserPoolId=pool,
            Username=username,
            UserAttributes=[{"Name": "email_verified", "Value": "true"}],
        )


def _usernames_of(stage: Stage, person: Person) -> list[str]:
    found = stage.cognito.list_users(
        UserPoolId=stage.published("auth", "userPoolId"), Filter=f'email = "{person.email}"'
    )
    return [user["Username"] for user in found["Users"]]


def sign_in(stage: Stage, login: str, password: str) -> AuthenticationResultTypeTypeDef:
    """Sign in by the server's client and give the tokens."""
    answer = stage.cognito.admin_initiate_auth(
        UserPoolId=stage.published("auth", "userPoolId"),
        ClientId=stage.published("auth", "serverClientId"),
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": login, "PASSWORD": password},
    )
    return answer["AuthenticationResult"]


@contextmanager
def a_changed_configuration(stage: Stage, path: str, value: dict[str, Any]) -> Iterator[None]:
    """Change a configuration parameter, and restore it afterwards, or remove it when there was none."""
    try:
        before = stage.ssm.get_parameter(Name=path)["Parameter"]["Value"]
    except stage.ssm.exceptions.ParameterNotFound:
        before = None
    stage.ssm.put_parameter(Name=path, Value=json.dumps(value), Type="String", Overwrite=True)
    try:
        yield
    finally:
        if before is None:
            stage.ssm.delete_parameter(Name=path)
        else:
            stage.ssm.put_parameter(Name=path, Value=before, Type="String", Overwrite=True)
