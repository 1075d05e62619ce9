import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
NO_NAMES = ["a b", "a/b", "/a//b", "/a/", "/ä", "a:b", "/a/b[c]", "/" + "a/" * 15 + "a", "a" * 1000]


@pytest.mark.parametrize("name", NO_NAMES)
def test_such_a_name_is_refused(aws: Client, stack: Callable[..., str], name: str) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        aws("ssm").put_parameter(Name=name, Value="value", Type="String")
    properties = {"Type": "String", "Value": "value", "Name": name}
    resources = {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": properties}}
    assert stack(f"s-{uuid.uuid4()}", resources) == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize("name", ["Plain_name.with-all", "/a/b.c/d_e-F9", "/" + "a/" * 14 + "a"])
def test_such_a_name_is_taken(aws: Client, name: str) -> None:
    aws("ssm").put_parameter(Name=name, Value="value", Type="String", Overwrite=True)

    assert aws("ssm").get_parameter(Name=name)["Parameter"]["Name"] == name
