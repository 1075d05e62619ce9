import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
TAGGED_AS_MINE = {"StringEquals": {"aws:RequestTag/stage": "mine"}}


def test_a_condition_on_the_tags_that_a_user_pool_is_made_with_is_met_by_those_tags(as_user: Client) -> None:
    maker = as_user(
        "cognito-idp",
        {
            "Effect": "Allow",
            "Action": "cognito-idp:CreateUserPool",
            "Resource": "*",
            "Condition": TAGGED_AS_MINE,
        },
    )

    assert maker.create_user_pool(PoolName=uuid.uuid4().hex, UserPoolTags={"stage": "mine"})["UserPool"]
    for tags in ({}, {"stage": "other"}):
        with pytest.raises(ClientError, match="AccessDenied"):
            maker.create_user_pool(PoolName=uuid.uuid4().hex, UserPoolTags=tags)


def test_a_condition_on_the_tags_that_an_api_is_made_with_is_met_by_those_tags(as_user: Client) -> None:
    maker = as_user(
        "apigateway",
        {"Effect": "Allow", "Action": "apigateway:POST", "Resource": "*", "Condition": TAGGED_AS_MINE},
    )

    assert maker.create_rest_api(name=uuid.uuid4().hex, tags={"stage": "mine"})["id"]
    with pytest.raises(ClientError, match="AccessDenied"):
        maker.create_rest_api(name=uuid.uuid4().hex, tags={"stage": "other"})
    with pytest.raises(ClientError, match="AccessDenied"):
        maker.create_rest_api(name=uuid.uuid4().hex)
