"""What MiniStack checks with its IAM for a call. Rules add resources and condition keys."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from ministack.core import iam_actions, iam_evaluator

Context = Mapping[str, object]
Ask = Callable[["Call"], "Resources | None"]


class Resources(str):
    """The ARNs of the resources that a call needs, each with the keys that conditions may name."""

    __slots__ = ("all",)

    all: tuple[tuple[str, Context], ...]

    @classmethod
    def of(cls, *asked: tuple[str, Context]) -> "Resources":
        """Join ARNs that are asked about one after another; there is at least one."""
        resources = cls(asked[0][0])
        resources.all = asked
        return resources


class Call:
    """A call that IAM is asked about."""

    def __init__(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> None:
        self._request = (method, path, headers, body, query)
        self.path = path
        self.body = body
        self.query = query
        self.here = ""

    def action(self, service: str) -> str:
        """Return the name of the action, without its service."""
        action = iam_actions.extract_iam_action(service, *self._request) or ""
        return str(action).partition(":")[2]


def install() -> None:
    """Check every resource of a call."""
    iam_evaluator.enforce = for_each_resource(iam_evaluator.enforce)


def about(service: str, ask: Ask) -> None:
    """Let a rule name what calls of a service need; `ask` returns None where MiniStack is right."""
    extract = iam_actions.extract_resource_arn

    @wraps(extract)
    def operation(called: str, *request: Any) -> str:
        resources = None
        if called == service:
            *parts, region, account = request
            call = Call(*parts)
            call.here = f"{region}:{account}"
            resources = ask(call)
        return extract(called, *request) if resources is None else resources

    iam_actions.extract_resource_arn = operation


def for_each_resource(enforce: Callable[..., Any]) -> Callable[..., Any]:
    """Allow a call that needs several resources only when each of them is allowed."""

    @wraps(enforce)
    def operation(*arguments: Any, **further: Any) -> Any:
        resource = further.get("resource_arn")
        if not isinstance(resource, Resources):
            return enforce(*arguments, **further)
        known = further.get("service_context") or {}
        for arn, context in resource.all:
            question = {**further, "resource_arn": arn, "service_context": {**known, **context}}
            denied = enforce(*arguments, **question)
            if denied:
                return denied
        return None

    return operation
