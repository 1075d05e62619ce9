"""The responses of an operation in an OpenAPI document."""

from http import HTTPStatus
from typing import Any

from devtools.contracts.openapi_schemas import Schemas
from service_kit.http import (
    BadRequest,
    Forbidden,
    InternalError,
    PayloadTooLarge,
    Problem,
    ProblemDocument,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
)
from stagectl.checkout.routes import Authorizer, Route

_ALWAYS = (TooManyRequests, InternalError, ServiceUnavailable)
_BY_AUTHORIZER: dict[Authorizer, type[Problem]] = {
    Authorizer.AWS_IDENTITY: Forbidden,
    Authorizer.POOL_USER: Unauthorized,
}


class Responses:
    """Collects the problems that a document's operations share.

    Attributes:
        by_name: The responses by the names of their problems.
    """

    def __init__(self, schemas: Schemas) -> None:
        self.by_name: dict[str, Any] = {}
        self._schemas = schemas

    def of(self, route: Route, contract: Any) -> dict[str, Any]:
        """Return the responses of a route, by status.

        Args:
            route: The route.
            contract: The `service_kit.http.HttpContract` of its handler.
        """
        answers = {status: _answer(status, types) for status, types in contract.answers.items()}
        if contract.response is not None:
            schema = self._schemas.named(contract.response, "serialization")
            answers[contract.status] = {
                "description": HTTPStatus(contract.status).phrase,
                "content": {"application/json": {"schema": schema}},
            }
            if contract.response_headers:
                answers[contract.status]["headers"] = {
                    name: {"schema": {"type": "string"}} for name in sorted(contract.response_headers)
                }
        elif not answers:
            answers[HTTPStatus.NO_CONTENT] = _answer(HTTPStatus.NO_CONTENT, ())
        answers |= {problem.status: self._problem(problem) for problem in _problems(route, contract)}
        return {str(int(status)): answers[status] for status in sorted(answers)}

    def _problem(self, problem: type[Problem]) -> dict[str, Any]:
        name = problem.__name__
        schema = self._schemas.named(ProblemDocument, "serialization", name="Problem")
        self.by_name[name] = {
            "description": (problem.__doc__ or problem.title).partition("\n")[0],
            "content": {"application/problem+json": {"schema": schema}},
        }
        return {"$ref": f"#/components/responses/{name}"}


def _problems(route: Route, contract: Any) -> set[type[Problem]]:
    found: set[type[Problem]] = {*_ALWAYS, *contract.problems}
    if any((contract.body, contract.query, contract.path, contract.headers)):
        found.add(BadRequest)
    if contract.body is not None:
        found.add(PayloadTooLarge)
    if route.authorizer in _BY_AUTHORIZER:
        found.add(_BY_AUTHORIZER[route.authorizer])
    if contract.group is not None:
        found.add(Forbidden)
    return found


def _answer(status: int, media_types: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if media_types:
        answer["content"] = {name: {"schema": {"type": "string"}} for name in sorted(media_types)}
    return answer
