"""A parameter's value is not empty, has at most 4,096 characters (8,192 if advanced) and nests no other.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Value)
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
"""

from functools import wraps
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ssm

LONGEST = {"Advanced": 8192, "Intelligent-Tiering": 8192}
LONGEST_STANDARD = 4096


def install() -> None:
    """Refuse other values, of CloudFormation as well."""
    put = ssm._put_parameter

    @wraps(put)
    def put_parameter(data: dict[str, Any]) -> Any:
        fault = fault_of(str(data.get("Value", "")), data.get("Tier"))
        return error_response_json("ValidationException", fault, 400) if fault else put(data)

    ssm._put_parameter = put_parameter


def fault_of(value: str, tier: str | None) -> str | None:
    """Return what is wrong with a value."""
    if not value:
        return (
            "1 validation error detected: Value '' at 'value' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1."
        )
    longest = LONGEST.get(tier or "", LONGEST_STANDARD)
    if len(value) > longest:
        return (
            f"{tier or 'Standard'} tier parameters support a maximum parameter value of {longest} characters."
        )
    if "{{" in value and "}}" in value.partition("{{")[2]:
        return "Parameter value can't nest another parameter: do not use {{}} in values."
    return None
