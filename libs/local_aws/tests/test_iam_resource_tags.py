import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


def test_a_condition_on_the_tags_of_a_user_pool_is_met_by_its_tags(aws: Client, as_user: Client) -> None:
    cognito = aws("cognito-idp")
    mine, other = (
        cognito.create_user_pool(PoolName=uuid.uuid4().hex, UserPoolTags={"stage": stage})["UserPool"]["Id"]
        for stage in ("mine", "other")
    )
    condition = {"StringEquals": {"aws:ResourceTag/stage": "mine"}}
    reader = as_user(
        "cognito-idp",
        {
            "Effect": "Allow",
            "Action": "cognito-idp:DescribeUserPool",
            "Resource": "*",
            "Condition": condition,
        },
    )

    assert reader.describe_user_pool(UserPoolId=mine)["UserPool"]["Id"] == mine
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.describe_user_pool(UserPoolId=other)


def test_what_belongs_to_an_api_has_the_tags_of_the_api(aws: Client, as_user: Client) -> None:
    apis = aws("apigateway")
    mine, other = (
        apis.create_rest_api(name=uuid.uuid4().hex, tags={"stage": stage})["id"]
        for stage in ("mine", "other")
    )
    condition = {"StringEquals": {"aws:ResourceTag/stage": "mine"}}
    reader = as_user(
        "apigateway",
        {"Effect": "Allow", "Action": "apigateway:GET", "Resource": "*", "Condition": condition},
    )

    assert reader.get_resources(restApiId=mine)["items"]
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_resources(restApiId=other)
