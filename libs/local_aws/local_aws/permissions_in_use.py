"""Records which permissions of which role were used; `GET /_ministack/permissions-in-use` returns them.

MiniStack asks its IAM before it serves a call, with the action and the resource as IAM knows them. Only
allowed calls are recorded: what happened, not what a policy or a program intends.
"""

import json
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from ministack import app
from ministack.core import iam_evaluator

PATH = "/_ministack/permissions-in-use"
ASSUMED_ROLE = ":assumed-role/"

Response = tuple[int, dict[str, str], bytes]

_seen: Counter[tuple[str, str, str]] = Counter()
# The decisions of the caller's policies on the current call: (context, decision).
_said: ContextVar[list[tuple[Any, str]]] = ContextVar("said")


def install() -> None:
    """Start recording, and serve the records."""
    iam_evaluator.evaluate = listening(iam_evaluator.evaluate)
    iam_evaluator.enforce = noting(iam_evaluator.enforce)
    app._handle_ready_request = telling(app._handle_ready_request)


def listening(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    """Make the evaluation of policies pass its decisions to `noting`."""

    @wraps(evaluate)
    def operation(context: Any, policies: Any, *limits: Any) -> Any:
        result = evaluate(context, policies, *limits)
        _said.get([]).append((context, result.decision))
        return result

    return operation


def noting(enforce: Callable[..., Any]) -> Callable[..., Any]:
    """Make the check of a call record which permission of a role allowed it."""

    @wraps(enforce)
    def operation(*arguments: Any, **further: Any) -> Any:
        said: list[tuple[Any, str]] = []
        token = _said.set(said)
        try:
            denied = enforce(*arguments, **further)
        finally:
            _said.reset(token)
        # The caller's own policies are asked first, those of the resource after them.
        if denied is None and said and said[0][1] == "Allow":
            context = said[0][0]
            _, is_role, name = context.principal_arn.partition(ASSUMED_ROLE)
            if is_role:
                _seen[name.partition("/")[0], context.action, context.resource_arn] += 1
        return denied

    return operation


def telling(answer_request: Callable[[str, str], Response | None]) -> Callable[[str, str], Response | None]:
    """Make a request handler also answer requests for the records."""

    @wraps(answer_request)
    def operation(path: str, request_id: str) -> Response | None:
        if path != PATH:
            return answer_request(path, request_id)
        calls = [
            {"role": role, "action": action, "resource": resource, "calls": count}
            for (role, action, resource), count in sorted(_seen.copy().items())
        ]
        return 200, {"Content-Type": "application/json"}, json.dumps(calls).encode()

    return operation
