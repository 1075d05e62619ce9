from collections.abc import Callable
from typing import Any

from .user_pools import UserPool

Client = Callable[..., Any]


def test_a_typed_code_verifies_the_address(aws: Client) -> None:
    pool = UserPool(aws("cognito-idp"), settings={"AutoVerifiedAttributes": ["email"]})
    name = pool.sign_up(email="someone@example.org")

    pool.cognito.confirm_sign_up(ClientId=pool.client, Username=name, ConfirmationCode="123456")

    assert pool.attributes(name)["email_verified"] == "true"


def test_an_operators_confirmation_verifies_no_address(aws: Client) -> None:
    pool = UserPool(aws("cognito-idp"), settings={"AutoVerifiedAttributes": ["email"]})
    name = pool.sign_up(email="someone@example.org")

    pool.cognito.admin_confirm_sign_up(UserPoolId=pool.id, Username=name)

    assert pool.attributes(name).get("email_verified", "false") == "false"
