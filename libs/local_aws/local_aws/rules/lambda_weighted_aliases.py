"""An alias with weights sends each invocation to one of two versions, at random and by their weights.

So it is for direct invocations, for integrations of APIs, and for the batches of queues and streams. What is
asked of an alias itself, such as its configuration, is answered for its first version. Both are published
versions with one role.

https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
"""

import random
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from ministack.services import lambda_svc

Record = dict[str, Any]

_is_asked_about: ContextVar[bool] = ContextVar("is_asked_about", default=False)


def install() -> None:
    """Choose the version when an alias is resolved to what runs."""
    resolve = lambda_svc._effective_func_record_for_qualifier
    lambda_svc._effective_func_record_for_qualifier = by_weight(resolve)
    lambda_svc._invoke = invoking_by_weight(lambda_svc._invoke)
    for name in ("_get_function", "_get_function_config"):
        setattr(lambda_svc, name, asking(getattr(lambda_svc, name)))
    for name in ("_create_alias", "_update_alias"):
        setattr(lambda_svc, name, refusing(getattr(lambda_svc, name)))


def version_of(function: Record | None, qualifier: str | None) -> str | None:
    """Return the version that an invocation of an alias gets; the qualifier itself of anything else."""
    alias = ((function or {}).get("aliases") or {}).get(qualifier) or {}
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    drawn = random.random()  # noqa: S311
    for version, weight in weights.items():
        drawn -= weight
        if drawn < 0:
            return str(version)
    return qualifier


def by_weight(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Resolve a qualifier to the version that an invocation gets."""

    @wraps(resolve)
    def operation(function: Record | None, qualifier: str | None) -> Any:
        return resolve(function, qualifier if _is_asked_about.get() else version_of(function, qualifier))

    return operation


def invoking_by_weight(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Resolve the qualifier of a direct invocation, wherever it stands."""

    @wraps(invoke)
    async def operation(
        name: str,
        event: Any,
        headers: dict[str, str],
        path_qualifier: str | None = None,
        query_params: dict[str, Any] | None = None,
    ) -> Any:
        qualifier = lambda_svc._qualifier_from_path_or_query(path_qualifier, query_params)
        version = version_of(lambda_svc._functions.get(name), qualifier)
        return await invoke(name, event, headers, version, query_params)

    return operation


def asking(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a question about an alias for its first version."""

    @wraps(answer)
    def operation(*arguments: Any, **further: Any) -> Any:
        token = _is_asked_about.set(True)
        try:
            return answer(*arguments, **further)
        finally:
            _is_asked_about.reset(token)

    return operation


def refusing(change: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse weights that Lambda would refuse."""

    @wraps(change)
    def operation(name: str, *further: Any) -> Any:
        # A new alias has no name before its properties.
        *alias_name, wanted = further
        function = lambda_svc._functions.get(name) or {}
        known: Record = function.get("aliases") or {}
        before = known.get(alias_name[0], {}) if alias_name else {}
        fault = fault_of(function, {**before, **wanted})
        if fault:
            return lambda_svc.error_response_json("InvalidParameterValueException", fault, 400)
        return change(name, *further)

    return operation


def fault_of(function: Record, alias: Record) -> str | None:
    """Return what is wrong with the weights of an alias."""
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if not weights:
        return None
    versions = function.get("versions") or {}
    named = {str(alias.get("FunctionVersion")), *weights}
    if len(weights) > 1:
        return f"An alias has at most one additional version, not {sorted(weights)}"
    if not all(0 <= weight <= 1 for weight in weights.values()):
        return f"A weight is from 0 to 1: {weights}"
    if len(named) == 1 or not named <= versions.keys():
        return f"Weights are of two published versions, not of {sorted(named)}"
    if len({versions[one]["config"].get("Role") for one in named}) > 1:
        return "Both versions of an alias have the same role"
    return None
