import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


@pytest.mark.parametrize("value", ["", "a" * 4097, "{{ssm:other}}", "x {{other}}"])
def test_such_a_value_is_refused(aws: Client, stack: Callable[..., str], value: str) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        aws("ssm").put_parameter(Name=uuid.uuid4().hex, Value=value, Type="String")
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}
    assert stack(f"s-{uuid.uuid4()}", {"Parameter": parameter}) == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize("value", [" ", "a" * 4096, '{"a": {"b": {}}}', "ü" * 4096])
def test_such_a_value_is_taken(aws: Client, value: str) -> None:
    name = uuid.uuid4().hex

    aws("ssm").put_parameter(Name=name, Value=value, Type="String")

    assert aws("ssm").get_parameter(Name=name)["Parameter"]["Value"] == value


def test_the_advanced_tier_takes_twice_as_much(aws: Client) -> None:
    aws("ssm").put_parameter(Name=uuid.uuid4().hex, Value="a" * 8192, Type="String", Tier="Advanced")
    with pytest.raises(ClientError, match="8192"):
        aws("ssm").put_parameter(Name=uuid.uuid4().hex, Value="a" * 8193, Type="String", Tier="Advanced")
