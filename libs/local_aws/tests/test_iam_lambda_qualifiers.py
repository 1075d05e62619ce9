"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html"""

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
ALIAS = "live"
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def function(aws: Client) -> Iterator[str]:
    """Return the name of a function with a version and an alias for its code."""
    name, content = f"function-{uuid.uuid4().hex}", io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("shop.py", "")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    aws("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"],
        Handler="shop.handle",
        Code={"ZipFile": content.getvalue()},
        Publish=True,
    )
    aws("lambda").create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="$LATEST")
    yield name
    aws("lambda").delete_function(FunctionName=name)


def allowing(as_user: Client, action: str, resource: str = "*") -> Any:
    return as_user("lambda", {"Effect": "Allow", "Action": action, "Resource": resource})


@pytest.mark.parametrize("operation", ["get_alias", "update_alias", "delete_alias"])
def test_a_call_about_an_alias_needs_the_permission_of_its_name(
    as_user: Client, function: str, operation: str
) -> None:
    action = "".join(part.capitalize() for part in operation.split("_"))

    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(allowing(as_user, "lambda:ListAliases"), operation)(FunctionName=function, Name=ALIAS)
    getattr(allowing(as_user, f"lambda:{action}"), operation)(FunctionName=function, Name=ALIAS)


def test_to_list_aliases_has_its_own_permission(as_user: Client, function: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        allowing(as_user, "lambda:GetAlias").list_aliases(FunctionName=function)
    assert allowing(as_user, "lambda:ListAliases").list_aliases(FunctionName=function)["Aliases"]


def test_who_may_delete_versions_may_not_delete_the_function(as_user: Client, function: str) -> None:
    pruner = allowing(as_user, "lambda:DeleteFunction", f"arn:aws:lambda:*:*:function:{function}:*")

    with pytest.raises(ClientError, match="AccessDenied"):
        pruner.delete_function(FunctionName=function)
    pruner.delete_function(FunctionName=function, Qualifier="1")


def test_who_may_delete_only_the_function_may_not_delete_a_version(as_user: Client, function: str) -> None:
    remover = allowing(as_user, "lambda:DeleteFunction", f"arn:aws:lambda:*:*:function:{function}")

    with pytest.raises(ClientError, match="AccessDenied"):
        remover.delete_function(FunctionName=function, Qualifier="1")
