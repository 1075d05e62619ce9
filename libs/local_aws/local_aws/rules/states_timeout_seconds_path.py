"""A task of a state machine may take its time-out from its input.

https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html (`TimeoutSecondsPath`)
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import stepfunctions


def install() -> None:
    """Apply the rule to every task."""
    stepfunctions._execute_task = with_timeout_from_input(stepfunctions._execute_task)


def with_timeout_from_input(execute_task: Callable[..., Any]) -> Callable[..., Any]:
    """Apply `TimeoutSecondsPath` to a task."""

    @wraps(execute_task)
    def execute(state: dict[str, Any], raw_input: Any, *rest: Any) -> Any:
        path = state.get("TimeoutSecondsPath")
        if path is not None:
            state = state | {"TimeoutSeconds": stepfunctions._resolve_path(path, raw_input)}
        return execute_task(state, raw_input, *rest)

    return execute
