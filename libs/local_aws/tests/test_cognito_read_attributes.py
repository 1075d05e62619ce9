import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from .user_pools import UserPool

Client = Callable[..., Any]


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def test_tokens_and_get_user_hold_the_read_attributes_alone(aws: Client) -> None:
    pool = UserPool(aws("cognito-idp"), {"ReadAttributes": ["email"]})
    tokens = pool.signed_in(pool.a_user(given_name="Ada"))

    user = pool.cognito.get_user(AccessToken=tokens["AccessToken"])

    assert {one["Name"] for one in user["UserAttributes"]} == {"sub", "email"}
    assert claims(tokens["IdToken"]).keys() & {"email", "given_name"} == {"email"}


def test_without_read_attributes_the_standard_ones_are_read_and_custom_ones_are_not(aws: Client) -> None:
    schema = [{"Name": "tier", "AttributeDataType": "String", "Mutable": True}]
    pool = UserPool(aws("cognito-idp"), settings={"Schema": schema})
    name = pool.a_user(given_name="Ada")
    pool.cognito.admin_update_user_attributes(
        UserPoolId=pool.id, Username=name, UserAttributes=[{"Name": "custom:tier", "Value": "gold"}]
    )

    found = claims(pool.signed_in(name)["IdToken"])

    assert found["given_name"] == "Ada"
    assert "custom:tier" not in found


def test_an_address_that_nobody_verified_is_unverified_in_the_token(aws: Client) -> None:
    pool = UserPool(aws("cognito-idp"))

    assert claims(pool.signed_in(pool.a_user())["IdToken"])["email_verified"] is False


@pytest.mark.parametrize("token", ["IdToken", "AccessToken"])
def test_groups_of_a_token_are_those_that_the_user_is_a_member_of(aws: Client, token: str) -> None:
    pool = UserPool(aws("cognito-idp"))
    name = pool.a_user()
    assert "cognito:groups" not in claims(pool.signed_in(name)[token])
    pool.cognito.create_group(UserPoolId=pool.id, GroupName="customers")

    pool.cognito.admin_add_user_to_group(UserPoolId=pool.id, Username=name, GroupName="customers")

    assert claims(pool.signed_in(name)[token])["cognito:groups"] == ["customers"]
