from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .user_pools import UserPool

Client = Callable[..., Any]
NEVER = [
    {"sub": "another"},
    {"email_verified": "true"},
    {"phone_number_verified": "true"},
    {"cognito:groups": "restaurant-admins"},
    {"cognito:username": "another"},
    {"custom:role": "admin"},
    {"given_name": "Ada", "cognito:groups": "restaurant-admins"},
]


@pytest.mark.parametrize("attributes", NEVER, ids=str)
@pytest.mark.parametrize("client", [{}, {"WriteAttributes": ["email", "given_name"]}], ids=str)
def test_a_customer_does_not_write_what_the_client_may_not(
    aws: Client, client: dict[str, Any], attributes: dict[str, str]
) -> None:
    pool = UserPool(aws("cognito-idp"), client)
    name = pool.a_user()
    before = pool.attributes(name)

    with pytest.raises(ClientError, match="NotAuthorizedException"):
        pool.update(pool.signed_in(name)["AccessToken"], attributes)

    assert pool.attributes(name) == before


@pytest.mark.parametrize("attributes", NEVER, ids=str)
def test_nobody_signs_up_with_what_the_client_may_not_write(aws: Client, attributes: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        UserPool(aws("cognito-idp")).sign_up(**attributes)


def test_a_client_with_write_attributes_writes_these_alone(aws: Client) -> None:
    pool = UserPool(aws("cognito-idp"), {"WriteAttributes": ["email", "given_name"]})
    name = pool.a_user()
    token = pool.signed_in(name)["AccessToken"]

    pool.update(token, {"given_name": "Ada"})
    with pytest.raises(ClientError, match="unauthorized attribute"):
        pool.update(token, {"family_name": "Lovelace"})

    assert pool.attributes(name)["given_name"] == "Ada"


def test_a_client_without_write_attributes_writes_the_standard_ones(aws: Client) -> None:
    pool = UserPool(aws("cognito-idp"))
    name = pool.a_user()

    pool.update(pool.signed_in(name)["AccessToken"], {"family_name": "Lovelace", "locale": "en"})

    assert pool.attributes(name)["family_name"] == "Lovelace"
