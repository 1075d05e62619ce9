"""A request and its answer, the same in both modes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from support.contract import Problem


@dataclass(frozen=True)
class Request:
    """One HTTP request to a service.

    Attributes:
        service: Name of the service.
        method: HTTP method.
        segments: The path below the service's URL, as plain text.
        query: Query parameters, as plain text; a name may stand there twice.
        headers: Further headers.
        body: The body's bytes, or None for none.
        token: What the Authorization header says, or None for no such header.
        is_signed: Whether to sign with the suite's AWS credentials.
    """

    service: str
    method: str
    segments: tuple[str, ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    token: str | None = field(default=None, repr=False)
    is_signed: bool = False

    @property
    def path(self) -> str:
        """The path below the service's URL, percent-encoded."""
        return "/" + "/".join(quote(segment, safe="~") for segment in self.segments)

    @property
    def target(self) -> str:
        """Path and query, percent-encoded; a space too, as signatures know no plus sign in its place."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path

    @property
    def all_headers(self) -> dict[str, str]:
        """The headers to send, with the token and, for a body, its type."""
        token = {"Authorization": self.token} if self.token is not None else {}
        content_type = {"Content-Type": "application/json"} if self.body is not None else {}
        return {**content_type, **token, **self.headers}


@dataclass(frozen=True)
class Answer:
    """The answer to a request.

    Attributes:
        request: What it answers.
        status: HTTP status.
        headers: Headers by their names in lower case.
        content: The body's bytes.
    """

    request: Request
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()

    def json(self) -> Any:
        """Parse the body as JSON."""
        return json.loads(self.content)

    def problem(self) -> Problem:
        """Parse the body as a problem.

        Raises:
            AssertionError: the answer has another content type.
        """
        assert self.headers["content-type"].startswith("application/problem+json"), self
        return Problem.model_validate_json(self.content)


class Driver(Protocol):
    """A way to reach the services of the stage."""

    def send(self, request: Request) -> Answer:
        """Send a request and return its answer, whatever its status."""
