"""Names of parameters are letters, digits and `_ . -`; a path begins with a slash and has at most 15 levels.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Name)
"""

import re
from functools import wraps
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ssm

SYMBOLS = re.compile(r"[a-zA-Z0-9_.-]+|(?:/[a-zA-Z0-9_.-]+)+")
MAX_LEVELS = 15
LONGEST_ARN = 1011


def install() -> None:
    """Refuse other names, of CloudFormation as well."""
    put = ssm._put_parameter

    @wraps(put)
    def put_parameter(data: dict[str, Any]) -> Any:
        fault = fault_of(str(data.get("Name", "")))
        return error_response_json("ValidationException", fault, 400) if fault else put(data)

    ssm._put_parameter = put_parameter


def fault_of(name: str) -> str | None:
    """Return what is wrong with a name."""
    if "/" in name and not name.startswith("/"):
        return "Parameter name must be a fully qualified name."
    if not SYMBOLS.fullmatch(name):
        return (
            "Parameter name: can consist of sub-paths divided by slash symbol; each sub-path can be formed "
            "as a mix of letters, numbers and the following 3 symbols .-_"
        )
    if name.count("/") > MAX_LEVELS:
        return f"Hierarchy depth: a parameter name can have at most {MAX_LEVELS} levels."
    if len(ssm._param_arn(name)) > LONGEST_ARN:
        return f"Parameter name: is longer than {LONGEST_ARN} characters with its ARN."
    return None
