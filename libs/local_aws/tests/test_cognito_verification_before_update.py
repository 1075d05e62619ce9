from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .user_pools import UserPool, listed

Client = Callable[..., Any]
OLD, NEW = "old@example.org", "new@example.org"
KEEPING = {
    "AutoVerifiedAttributes": ["email"],
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
}


def a_pool(aws: Client, settings: dict[str, Any]) -> tuple[UserPool, str, str]:
    """A pool, a user whose old address is verified, and the user's access token."""
    pool = UserPool(aws("cognito-idp"), settings=settings)
    name = pool.a_user(email=OLD)
    verified = listed({"email_verified": "true"})
    pool.cognito.admin_update_user_attributes(UserPoolId=pool.id, Username=name, UserAttributes=verified)
    return pool, name, pool.signed_in(name)["AccessToken"]


def test_the_old_address_stays_until_the_new_one_is_verified(aws: Client) -> None:
    pool, name, token = a_pool(aws, KEEPING)

    (sent,) = pool.update(token, {"email": NEW, "given_name": "Ada"})["CodeDeliveryDetailsList"]

    assert sent["AttributeName"] == "email"
    assert (
        pool.attributes(name).items()
        >= {
            "email": OLD,
            "email_verified": "true",
            "given_name": "Ada",
        }.items()
    )

    pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="123456")

    assert pool.attributes(name).items() >= {"email": NEW, "email_verified": "true"}.items()


def test_a_wrong_code_changes_nothing(aws: Client) -> None:
    pool, name, token = a_pool(aws, KEEPING)
    pool.update(token, {"email": NEW})

    with pytest.raises(ClientError, match="CodeMismatchException"):
        pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="000000")

    assert pool.attributes(name)["email"] == OLD


def test_nothing_is_verified_that_no_code_was_sent_for(aws: Client) -> None:
    pool, _, token = a_pool(aws, KEEPING)

    with pytest.raises(ClientError, match="ExpiredCodeException"):
        pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="123456")


def test_elsewhere_a_new_address_is_in_force_and_unverified(aws: Client) -> None:
    pool, name, token = a_pool(aws, {"AutoVerifiedAttributes": ["email"]})

    pool.update(token, {"email": NEW})

    assert pool.attributes(name).items() >= {"email": NEW, "email_verified": "false"}.items()


def test_a_customer_asks_for_the_code_again_and_verifies(aws: Client) -> None:
    pool, name, token = a_pool(aws, {"AutoVerifiedAttributes": ["email"]})
    pool.update(token, {"email": NEW})

    sent = pool.cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="123456")

    assert sent["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    assert pool.attributes(name)["email_verified"] == "true"


@pytest.mark.parametrize(("further", "expected"), [({"email_verified": "true"}, NEW), ({}, OLD)])
def test_an_operator_may_say_that_a_new_address_is_verified(
    aws: Client, further: dict[str, str], expected: str
) -> None:
    pool, name, _ = a_pool(aws, KEEPING)

    pool.cognito.admin_update_user_attributes(
        UserPoolId=pool.id, Username=name, UserAttributes=listed({"email": NEW, **further})
    )

    assert pool.attributes(name)["email"] == expected
