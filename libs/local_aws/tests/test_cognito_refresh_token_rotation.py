from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .user_pools import PASSWORD, UserPool

Client = Callable[..., Any]


def a_client(pool: UserPool, **settings: Any) -> str:
    made = pool.cognito.create_user_pool_client(
        UserPoolId=pool.id,
        ClientName="rotating",
        **{"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], **settings},
    )
    return str(made["UserPoolClient"]["ClientId"])


def rotation(grace: int) -> dict[str, Any]:
    return {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}}


@pytest.fixture
def pool(aws: Client) -> UserPool:
    return UserPool(aws("cognito-idp"))


def a_refresh_token(pool: UserPool, client: str) -> str:
    answer = pool.cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": pool.a_user(), "PASSWORD": PASSWORD},
    )
    return str(answer["AuthenticationResult"]["RefreshToken"])


def refreshed(pool: UserPool, client: str, token: str) -> dict[str, str]:
    answer = pool.cognito.get_tokens_from_refresh_token(ClientId=client, RefreshToken=token)
    return dict(answer["AuthenticationResult"])


def test_a_refresh_answers_with_a_new_refresh_token_that_works(pool: UserPool) -> None:
    client = a_client(pool, **rotation(grace=0))
    first = a_refresh_token(pool, client)

    second = refreshed(pool, client, first)["RefreshToken"]

    assert second != first
    assert refreshed(pool, client, second)["IdToken"]


def test_a_refresh_token_that_was_used_is_refused_after_its_grace_period(pool: UserPool) -> None:
    client = a_client(pool, **rotation(grace=0))
    token = a_refresh_token(pool, client)
    refreshed(pool, client, token)

    with pytest.raises(ClientError, match="RefreshTokenReuseException"):
        refreshed(pool, client, token)


def test_a_refresh_token_that_was_used_works_within_its_grace_period(pool: UserPool) -> None:
    client = a_client(pool, **rotation(grace=60))
    token = a_refresh_token(pool, client)
    refreshed(pool, client, token)

    assert refreshed(pool, client, token)["IdToken"]


def test_without_rotation_a_refresh_token_stays(pool: UserPool) -> None:
    client = a_client(pool)
    token = a_refresh_token(pool, client)

    assert "RefreshToken" not in refreshed(pool, client, token)
    assert refreshed(pool, client, token)["IdToken"]


def test_revoking_the_new_refresh_token_ends_the_sign_in(pool: UserPool) -> None:
    client = a_client(pool, **rotation(grace=60))
    first = a_refresh_token(pool, client)
    second = refreshed(pool, client, first)["RefreshToken"]

    pool.cognito.revoke_token(ClientId=client, Token=second)

    for token in (first, second):
        with pytest.raises(ClientError, match="NotAuthorizedException"):
            refreshed(pool, client, token)


def test_rotation_is_not_combined_with_the_flow_that_cannot_rotate(pool: UserPool) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        a_client(pool, ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"], **rotation(grace=60))


def test_a_client_shows_its_rotation(pool: UserPool) -> None:
    client = a_client(pool, **rotation(grace=60))

    shown = pool.cognito.describe_user_pool_client(UserPoolId=pool.id, ClientId=client)["UserPoolClient"]

    assert shown["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
