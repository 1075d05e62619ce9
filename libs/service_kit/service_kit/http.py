"""Handlers of API Gateway REST proxy events: typed requests in, checked JSON or problems out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ValidationError

from service_kit.http_parsing import parse_body, parse_headers, parse_path, parse_query
from service_kit.http_reply import HttpResponse, InvalidResponse, Replier, problem_reply
from service_kit.http_request import (
    BodyT,
    Caller,
    Headers,
    HttpRequest,
    PathT,
    QueryT,
    caller_of,
    identity_in,
)
from service_kit.invocation import (
    LambdaHandler,
    correlation_id,
    count,
    invocation,
    logger,
    sane_correlation_id,
)
from service_kit.outages import outage_reason
from service_kit.problems import BadRequest, DependencyUnavailable, InternalError, Problem, ServiceUnavailable
from service_kit.settings import ServiceSettings, SettingsError, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from service_kit.problems import FieldError

__all__ = ["Caller", "Headers", "HttpContract", "HttpRequest", "HttpResponse", "http_handler"]

_FIRST_SERVER_ERROR = 500
# API Gateway waits for 29 seconds.
_GATEWAY_SECONDS = 28.0


@dataclass(frozen=True)
class HttpContract:
    """What an endpoint takes and gives: `contract` of its handler, from which documents are generated.

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


def http_handler(
    *,
    body: type[BodyT] | None = None,
    query: type[QueryT] | None = None,
    path: type[PathT] | None = None,
    headers: type[BaseModel] | None = None,
    response: Any = None,
    answers: Mapping[int, Collection[str]] | None = None,
    response_headers: Collection[str] = (),
    errors: Mapping[type[Exception], type[Problem]] | None = None,
    group: str | None = None,
    max_body_bytes: int = 65_536,
) -> Callable[[Callable[[HttpRequest[BodyT, QueryT, PathT]], Any]], LambdaHandler[dict[str, Any]]]:
    """Make a function the handler of an endpoint.

    A request behind a Cognito authorizer that carries no ID token is answered 401, one that does not fit 400
    with every bad field; neither reaches the function. What
    the function returns is checked against `response` and sent as JSON with 200, None as 204, an
    `HttpResponse` as it says. What it raises becomes a problem: a `Problem` itself, an exception in
    `errors` with its text as detail, and anything else 500 without a reason, which only the log has. 503 is
    for what passes: an unavailable parameter or upstream, an AWS service that throttles, fails or does not
    answer, and a function whose time is nearly up.

    Args:
        body: Model of the JSON body; without one the body is not read.
        query: Model of the query parameters; each may be given once.
        path: Model of the path parameters.
        headers: Model of the headers that the function reads, by their aliases. They are checked against it;
            the function reads them from `request.headers`.
        response: Type of the result, such as a model or `list[Model]`; a result that does not fit is a 500.
        answers: Media types, by status, of an `HttpResponse` that is no JSON, for the documents:
            `{200: ["text/html"], 304: []}`.
        response_headers: Names of headers that an `HttpResponse` of the function may add, for the documents
            and for scripts of other origins.
        errors: Which problem an exception of the domain is; subclasses included, the nearest class wins. One
            that has `retry_after_seconds` says when to come back.
        group: Group of the user pool that callers have to be in, else 403, whatever else the request holds.
        max_body_bytes: Longest body that is read, else 413.
    """
    replier = Replier(response)
    contract = HttpContract(
        body=body,
        query=query,
        path=path,
        response=response,
        headers=headers,
        answers=answers or {},
        problems=frozenset((errors or {}).values()),
        group=group,
        response_headers=response_headers,
    )

    parsers = _parsers(contract, max_body_bytes)
    exposed = ", ".join(["x-request-id", "x-correlation-id", "retry-after", *contract.response_headers])

    def parse(
        event: dict[str, Any], request_headers: Headers, request_id: str
    ) -> HttpRequest[BodyT, QueryT, PathT]:
        parts = _parts(parsers, event)
        return HttpRequest(
            body=cast("BodyT", parts.get("body")),
            query=cast("QueryT", parts.get("query")),
            path=cast("PathT", parts.get("path")),
            headers=request_headers,
            request_id=request_id,
            correlation_id=correlation_id() or request_id,
            claims=_claims(event),
        )

    def decorate(
        handle: Callable[[HttpRequest[BodyT, QueryT, PathT]], Any],
    ) -> LambdaHandler[dict[str, Any]]:
        def answer(event: dict[str, Any], request_headers: Headers, request_id: str) -> dict[str, Any]:
            try:
                _authorize(group, event)
                answered = replier.reply(handle(parse(event, request_headers, request_id)))
            except InvalidResponse:
                count("InvalidResponse")
                raise
            except Exception as error:
                problem = _problem(error, errors or {})
                if problem is None:
                    raise
                _log(problem, error)
                return problem_reply(problem, request_id)
            logger.info("answered", status=answered["statusCode"])
            return answered

        @wraps(handle)
        def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
            request_id = _request_id(event, context)
            request_headers = Headers(event.get("headers"))
            correlation = sane_correlation_id(request_headers.get("x-correlation-id")) or request_id
            try:
                with invocation(context, correlation=correlation, at_most_seconds=_GATEWAY_SECONDS):
                    answered = answer(event, request_headers, request_id)
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

        handler.contract = contract  # type: ignore[attr-defined]  # functions have no declared attributes
        return handler

    return decorate


def _authorize(group: str | None, event: dict[str, Any]) -> None:
    """Refuse a token that says who an app is rather than who is calling, also where nobody asks who it is."""
    claims = _claims(event)
    if group is not None:
        caller_of(claims, group=group)
    elif claims:
        identity_in(claims)


def _parsers(
    contract: HttpContract, max_body_bytes: int
) -> list[tuple[str, Callable[[dict[str, Any]], Any]]]:
    """List what a request is parsed with, in the order in which faults are told."""
    known: tuple[tuple[str, Any, Callable[..., Any]], ...] = (
        ("path", contract.path, parse_path),
        ("query", contract.query, parse_query),
        ("body", contract.body, partial(parse_body, max_bytes=max_body_bytes)),
        ("headers", contract.headers, parse_headers),
    )
    return [(name, partial(parse, model)) for name, model, parse in known if model is not None]


def _parts(
    parsers: Sequence[tuple[str, Callable[[dict[str, Any]], Any]]], event: dict[str, Any]
) -> dict[str, Any]:
    """Parse all parts of a request, so that the faults of all are told at once."""
    faults: list[FieldError] = []
    parts = {}
    for name, parse in parsers:
        try:
            parts[name] = parse(event)
        except BadRequest as bad:
            faults.extend(bad.errors)
    if faults:
        raise BadRequest(errors=faults)
    return parts


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
