from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .user_pools import UserPool, listed

Client = Callable[..., Any]
NO_EMAIL = ["", "no", "a@b", "a b@example.org", "a@@example.org", ".a@example.org", "a.@example.org"]
NO_EMAIL += ["a@example..org", "a@-example.org", "a@example.org\n", "ä@example.org", "Ada <a@example.org>"]


@pytest.fixture(scope="module")
def pool(aws: Client) -> UserPool:
    return UserPool(aws("cognito-idp"))


@pytest.mark.parametrize("email", NO_EMAIL)
def test_what_is_no_email_address_is_refused_everywhere(pool: UserPool, email: str) -> None:
    name = pool.a_user()
    attributes = listed({"email": email})
    calls: list[Callable[[], Any]] = [
        lambda: pool.sign_up(email=email),
        lambda: pool.update(pool.signed_in(name)["AccessToken"], {"email": email}),
        lambda: pool.cognito.admin_create_user(UserPoolId=pool.id, Username="new", UserAttributes=attributes),
        lambda: pool.cognito.admin_update_user_attributes(
            UserPoolId=pool.id, Username=name, UserAttributes=attributes
        ),
    ]

    for call in calls:
        with pytest.raises(ClientError, match="Invalid email address format"):
            call()


@pytest.mark.parametrize(
    "email", ["a.b+c@example.org", "o'hara@mail.example.org", "a_b@xn--bcher-kva.example"]
)
def test_an_email_address_is_taken(pool: UserPool, email: str) -> None:
    assert pool.attributes(pool.sign_up(email=email))["email"] == email


@pytest.mark.parametrize("number", ["123", "0041791234567", "+41 79 123 45 67", "+0123456"])
def test_what_is_no_phone_number_is_refused(pool: UserPool, number: str) -> None:
    with pytest.raises(ClientError, match="Invalid phone number format"):
        pool.sign_up(phone_number=number)
