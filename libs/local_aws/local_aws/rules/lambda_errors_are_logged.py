"""An error that keeps a function from starting is in its log, with type and message.

MiniStack answers the caller and logs nothing when a module cannot be imported.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import lambda_svc

Execute = Callable[[dict[str, Any], dict[str, Any], str], Any]


def install() -> None:
    """Log errors that left no line."""
    lambda_svc._execute_function_warm = with_error_logged(lambda_svc._execute_function_warm)


def with_error_logged(execute: Execute) -> Execute:
    """Give a failed invocation that logged nothing the line that AWS writes."""

    @wraps(execute)
    def operation(function: dict[str, Any], event: dict[str, Any], request_id: str) -> Any:
        result = execute(function, event, request_id)
        if isinstance(result, dict) and result.get("error") and not str(result.get("log") or "").strip():
            body = result.get("body")
            described = body if isinstance(body, dict) else {"errorMessage": str(body)}
            kind = described.get("errorType") or "Runtime.Unknown"
            result = {**result, "log": f"[ERROR] {kind}: {described.get('errorMessage', '')}"}
        return result

    return operation
