from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .user_pools import UserPool, listed

Client = Callable[..., Any]
SCHEMA = {
    "Schema": [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "tier", "AttributeDataType": "String", "Mutable": False},
    ]
}


@pytest.fixture
def pool(aws: Client) -> UserPool:
    return UserPool(aws("cognito-idp"), settings=SCHEMA)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"cognito:groups": "restaurant-admins"}, "does not exist in the schema"),
        ({"custom:unknown": "x"}, "does not exist in the schema"),
        ({"sub": "another"}, "Attribute cannot be updated|non-mutable"),
        ({"custom:tier": "gold"}, "Attribute cannot be updated"),
        ({"birthdate": "1815"}, "no less than 10"),
        ({"given_name": "a" * 2049}, "no more than 2048"),
        ({"email_verified": "perhaps"}, "true or false"),
        ({"updated_at": "yesterday"}, "a number"),
    ],
)
def test_an_operator_is_refused_what_the_schema_refuses(
    pool: UserPool, attributes: dict[str, str], message: str
) -> None:
    name = pool.a_user()

    with pytest.raises(ClientError, match=message):
        pool.cognito.admin_update_user_attributes(
            UserPoolId=pool.id, Username=name, UserAttributes=listed(attributes)
        )


@pytest.mark.parametrize("attributes", [{"cognito:groups": "restaurant-admins"}, {"sub": "x"}])
def test_an_operator_makes_no_user_with_such_attributes(pool: UserPool, attributes: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        pool.cognito.admin_create_user(
            UserPoolId=pool.id, Username="someone", UserAttributes=listed(attributes)
        )


def test_an_operator_sets_an_immutable_attribute_of_a_new_user(pool: UserPool) -> None:
    pool.cognito.admin_create_user(
        UserPoolId=pool.id, Username="golden", UserAttributes=listed({"custom:tier": "gold"})
    )

    assert pool.attributes("golden")["custom:tier"] == "gold"


def test_a_sign_up_without_a_required_attribute_is_refused(pool: UserPool) -> None:
    with pytest.raises(ClientError, match="The attribute email is required"):
        pool.sign_up(given_name="Ada")
