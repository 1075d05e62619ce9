"""Handlers of API Gateway REST proxy events: typed requests in, checked JSON or problems out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, cast, get_args, get_origin

from pydantic import ValidationError

from service_kit.http._arguments import Arguments
from service_kit.http._problems import InternalError, Problem, ServiceUnavailable
from service_kit.http._reply import HttpResponse, InvalidResponse, Replier, problem_reply
from service_kit.http._request import Caller, FromHeader, FromPath, Headers, caller_of, identity_in
from service_kit.invocation import (
    count_for_service,
    invocation,
    logger,
    metrics,
    sane_correlation_id,
)
from service_kit.outages import DependencyUnavailable, outage_reason
from service_kit.settings import ServiceSettings, SettingsError, load_settings
from service_kit.signature import signature_of
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from service_kit.parameters import Parameter

__all__ = [
    "Caller",
    "FromHeader",
    "FromPath",
    "HttpContract",
    "HttpHandler",
    "HttpResponse",
    "http_handler",
]

SERVER_ERROR = "ServerError"
_FIRST_SERVER_ERROR = 500
# API Gateway waits for 29 seconds.
_GATEWAY_SECONDS = 28.0


@dataclass(frozen=True)
class HttpContract:
    """What an endpoint takes and returns: `contract` of its handler, from which documents are generated.

    Attributes:
        body: Model of the JSON body, or None.
        query: Model of the query parameters, or None.
        path: Model of the path parameters, or None.
        response: Type of the JSON that it answers, or None.
        headers: Model of the request headers that it reads, or None.
        answers: Media types, by status, of what it answers that is no JSON.
        problems: Which problems its domain's exceptions become.
        group: Group that callers have to be in, or None.
        response_headers: Names of headers that its answers may have beside the usual ones.
        parameters: SSM parameters that it reads, by the names of the arguments that have their values.
        uses: Functions of `wiring` that it calls.
        status: Status of its JSON.
    """

    body: type[Any] | None
    query: type[Any] | None
    path: type[Any] | None
    response: Any
    headers: type[Any] | None = None
    answers: Mapping[int, Collection[str]] = field(default_factory=dict)
    problems: frozenset[type[Problem]] = frozenset()
    group: str | None = None
    response_headers: Collection[str] = ()
    parameters: Mapping[str, Parameter[Any]] = field(default_factory=dict)
    uses: Collection[Callable[[], object]] = ()
    status: int = 200


class HttpHandler(Protocol):
    """A handler as Lambda calls it.

    Attributes:
        contract: What its signature says.
    """

    contract: HttpContract

    def __call__(self, event: dict[str, Any], context: Any, /) -> dict[str, Any]:
        """Answer a request."""


def http_handler(
    *,
    errors: Mapping[type[Exception], type[Problem]] | None = None,
    uses: Collection[Callable[[], object]] = (),
    group: str | None = None,
    answers: Mapping[int, Collection[str]] | None = None,
    response_headers: Collection[str] = (),
    max_body_bytes: int = 65_536,
    status: int = 200,
) -> Callable[[Callable[..., Any]], HttpHandler]:
    """Make a function the handler of an endpoint; its signature says what it takes and returns.

    | parameter | argument |
    |---|---|
    | `body: Model` | the JSON body; without such a parameter the body is not read |
    | `query: Model` | the query parameters; each may be given once |
    | `order_id: Annotated[str, FromPath()]` | the path parameter `{orderId}` |
    | `if_match: Annotated[str, FromHeader()]` | the header `If-Match` |
    | `caller: Caller` | who calls, as the Cognito authorizer proved it; 401 without |
    | `config: Annotated[Model, FromParameter("config")]` | the value of an SSM parameter |

    A request behind a Cognito authorizer that carries no ID token is answered 401, one that does not fit 400
    with every bad field; neither reaches the function. What it returns is checked against its return
    annotation and sent as JSON with 200, None as 204, an `HttpResponse` as it says; `-> Any` checks nothing.
    What it raises becomes a problem: a `Problem` itself, an exception in `errors` with its text as detail,
    and anything else 500 without a reason, which only the log has. 503 is for what passes: an unavailable
    parameter or upstream, an AWS service that throttles, fails or does not answer, and a function whose time
    is nearly up.

    Args:
        errors: Which problem an exception of the domain is; subclasses included, the nearest class wins. One
            that has `retry_after_seconds` says when to come back.
        uses: Functions of `wiring` that it calls; in Lambda they are called at once, so that no caller waits.
        group: Group of the user pool that callers have to be in, else 403, whatever else the request holds.
        answers: Media types, by status, of an `HttpResponse` that is no JSON, for the documents:
            `{200: ["text/html"], 304: []}`.
        response_headers: Names of headers that an `HttpResponse` of the function may add, for the documents
            and for scripts of other origins.
        max_body_bytes: Longest body that is read, else 413.
        status: Status of the JSON that it returns.

    Raises:
        SignatureError: When the signature says too little, as soon as the function is decorated.
    """
    exposed = ", ".join(["x-request-id", "x-correlation-id", "retry-after", "date", *response_headers])

    def decorate(handle: Callable[..., Any]) -> HttpHandler:
        signature = signature_of(handle)
        arguments = Arguments(signature, max_body_bytes=max_body_bytes)
        response = _response_in(signature.returns)
        replier = Replier(response, status=status)
        at_start(*uses)

        def answer(event: dict[str, Any], request_id: str) -> dict[str, Any]:
            try:
                caller = _authorized(event, group, asks_who_calls=arguments.caller is not None)
                answered = replier.reply(handle(**arguments.of(event, caller)))
            except InvalidResponse:
                count_for_service("InvalidResponse")
                metrics.add_metric(name=SERVER_ERROR, unit="Count", value=1)
                raise
            except Exception as error:
                problem = _problem(error, errors or {})
                if problem is None or problem.status >= _FIRST_SERVER_ERROR:
                    # To Lambda it is an answer like any other, so that its `Errors` know nothing of it.
                    metrics.add_metric(name=SERVER_ERROR, unit="Count", value=1)
                if problem is None:
                    raise
                _log(problem, error)
                return problem_reply(problem, request_id)
            logger.info("answered", status=answered["statusCode"])
            return answered

        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            request_id = _request_id(event, context)
            given = Headers(event.get("headers")).get("x-correlation-id")
            correlation = sane_correlation_id(given) or request_id
            try:
                with invocation(
                    context, event=event, correlation=correlation, at_most_seconds=_GATEWAY_SECONDS
                ):
                    logger.append_keys(request_id=request_id)
                    answered = answer(event, request_id)
            except DependencyUnavailable:
                answered = problem_reply(ServiceUnavailable(), request_id)
            except Exception:  # noqa: BLE001, the invocation has logged it
                answered = problem_reply(InternalError(), request_id)
            answered["headers"] |= {
                "x-request-id": request_id,
                "x-correlation-id": correlation,
                **_cors(exposed),
            }
            return answered

        made = cast("HttpHandler", handler)
        made.contract = HttpContract(
            body=arguments.models.get("body"),
            query=arguments.models.get("query"),
            path=arguments.models.get("path"),
            headers=arguments.models.get("headers"),
            response=response,
            answers=answers or {},
            problems=frozenset((errors or {}).values()),
            group=group,
            response_headers=response_headers,
            parameters=arguments.parameters,
            uses=uses,
            status=status,
        )
        return made

    return decorate


def _response_in(returns: Any) -> Any:
    """Return the type of the JSON that a return annotation promises, or None."""
    if get_origin(returns) is HttpResponse:
        (returns,) = get_args(returns)
    return None if returns in {Any, type(None), HttpResponse} else returns


def _authorized(event: dict[str, Any], group: str | None, *, asks_who_calls: bool) -> Caller | None:
    """Refuse a token that says who an app is rather than who is calling, also where nothing asks that."""
    claims = _claims(event)
    if group is not None or asks_who_calls:
        return caller_of(claims, group=group)
    if claims:
        identity_in(claims)
    return None


def _problem(error: Exception, mapped: Mapping[type[Exception], type[Problem]]) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        # A ValueError too, but its text quotes data that the caller need not be allowed to see.
        return None
    for cls in type(error).__mro__:
        if cls in mapped:
            when = getattr(error, "retry_after_seconds", None)
            known = {} if when is None else {"retry_after_seconds": when}
            return mapped[cls](str(error) or None, **known)
    return ServiceUnavailable() if outage_reason(error) else None


def _log(problem: Problem, error: Exception) -> None:
    if problem.status >= _FIRST_SERVER_ERROR:
        logger.error("not answered", status=problem.status, reason=outage_reason(error) or str(error))
    else:
        logger.info("refused", status=problem.status, problem=problem.title)


def _request_id(event: dict[str, Any], context: Any) -> str:
    given = (event.get("requestContext") or {}).get("requestId")
    return str(given or getattr(context, "aws_request_id", "unknown"))


def _claims(event: dict[str, Any]) -> dict[str, Any]:
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    return authorizer.get("claims") or {}


def _cors(exposed: str) -> dict[str, str]:
    try:
        origin = load_settings(ServiceSettings).cors_allowed_origin
    except SettingsError:
        return {}
    if not origin:
        return {}
    return {"access-control-allow-origin": origin, "access-control-expose-headers": exposed}
