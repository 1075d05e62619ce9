"""Tokens that must be refused."""

import base64
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from mypy_boto3_cognito_idp.literals import ExplicitAuthFlowsTypeType

from drivers.proxy_event import decoded
from steps.given import Person, User
from support.polling import until
from support.stage import Stage

FLOWS: Sequence[ExplicitAuthFlowsTypeType] = ("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
GROUPS = "cognito:groups"


def with_changed_claims(token: str, **claims: Any) -> str:
    """Return the token with other claims under its old signature."""
    header, _, signature = token.split(".")
    return f"{header}.{_encoded(decoded(token) | claims)}.{signature}"


def with_changed_signature(token: str) -> str:
    """Return the token with one bit of its signature flipped."""
    signed, _, signature = token.rpartition(".")
    content = bytearray(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
    content[len(content) // 2] ^= 1
    return f"{signed}.{base64.urlsafe_b64encode(content).decode().rstrip('=')}"


def that_is_unsigned(token: str) -> str:
    """Return the token with the algorithm `none` and without a signature."""
    return f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[1]}."


@contextmanager
def a_short_lived_token(stage: Stage, user: User, *, seconds: int) -> Iterator[str]:
    """Yield an ID token of the stage's pool with this lifetime; its client is removed afterwards."""
    pool = stage.published("auth", "userPoolId")
    client = stage.cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=f"e2e {user.person.username}",
        ExplicitAuthFlows=FLOWS,
        IdTokenValidity=seconds,
        TokenValidityUnits={"IdToken": "seconds"},
    )["UserPoolClient"]["ClientId"]
    try:
        yield _id_token(stage, pool, client, user.person)
    finally:
        stage.cognito.delete_user_pool_client(UserPoolId=pool, ClientId=client)


def expired(token: str) -> str:
    """Wait until the token has expired, and return it."""
    expiry = decoded(token)["exp"]
    until(
        time.time,
        lambda now: now > expiry,
        within_seconds=expiry - time.time() + 5,
        what="the token's expiry",
    )
    return token


@contextmanager
def a_token_of_another_pool(stage: Stage, like: User) -> Iterator[str]:
    """Yield the ID token of the same person in another pool of the account, which is removed afterwards."""
    person = like.person
    with ExitStack() as undo:
        pool = stage.cognito.create_user_pool(PoolName=person.username)["UserPool"]["Id"]
        undo.callback(stage.cognito.delete_user_pool, UserPoolId=pool)
        client = stage.cognito.create_user_pool_client(
            UserPoolId=pool, ClientName="e2e", ExplicitAuthFlows=FLOWS
        )["UserPoolClient"]["ClientId"]
        stage.cognito.admin_create_user(UserPoolId=pool, Username=person.username, MessageAction="SUPPRESS")
        stage.cognito.admin_set_user_password(
            UserPoolId=pool, Username=person.username, Password=person.password, Permanent=True
        )
        for group in decoded(like.id_token).get(GROUPS, []):
            stage.cognito.create_group(UserPoolId=pool, GroupName=group)
            stage.cognito.admin_add_user_to_group(UserPoolId=pool, Username=person.username, GroupName=group)
        yield _id_token(stage, pool, client, person)


def _id_token(stage: Stage, pool: str, client: str, person: Person) -> str:
    answer = stage.cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": person.username, "PASSWORD": person.password},
    )
    return answer["AuthenticationResult"]["IdToken"]


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
