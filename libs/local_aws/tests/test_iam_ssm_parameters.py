from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


def may(action: str, resource: str) -> dict[str, str]:
    return {"Effect": "Allow", "Action": action, "Resource": f"arn:aws:ssm:*:*:parameter{resource}"}


@pytest.fixture(autouse=True)
def parameters(aws: Client) -> None:
    for name in ("/mine/a", "/mine/b", "/other/a"):
        aws("ssm").put_parameter(Name=name, Value="value", Type="String", Overwrite=True)


def test_each_of_several_parameters_needs_the_permission(as_user: Client) -> None:
    reader = as_user("ssm", may("ssm:GetParameters", "/mine/*"))

    assert len(reader.get_parameters(Names=["/mine/a", "/mine/b"])["Parameters"]) == 2
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_parameters(Names=["/mine/a", "/other/a"])


def test_a_path_needs_the_permission_for_that_path(as_user: Client) -> None:
    reader = as_user("ssm", may("ssm:GetParametersByPath", "/mine"))

    assert len(reader.get_parameters_by_path(Path="/mine")["Parameters"]) == 2
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_parameters_by_path(Path="/other")
