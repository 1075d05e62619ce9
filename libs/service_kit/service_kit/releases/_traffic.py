"""Requests without credentials to a service's public URL."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.awsrequest import AWSRequest
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session

__all__ = ["PublicRequest"]

_TIMEOUT_SECONDS = 10
_REFUSED = 403


@dataclass(frozen=True, kw_only=True)
class PublicRequest:
    """A request without credentials.

    Attributes:
        path: Path and query below the service's URL, beginning with a slash.
        status: Status to be answered.
        holds: A text that the answer's body holds.
    """

    path: str
    status: int = 200
    holds: str = ""

    def fault(self, service_url: str, *, behind_edge: bool = False) -> str | None:
        """Send the request; return what is wrong with its answer, or None.

        Args:
            service_url: The service's URL.
            behind_edge: Whether the API may refuse it, since it answers what is not signed to the edge alone.
        """
        request = AWSRequest(method="GET", url=f"{service_url}{self.path}")
        try:
            answer = URLLib3Session(timeout=_TIMEOUT_SECONDS).send(request.prepare())
        except HTTPClientError as error:
            return f"no answer: {type(error).__name__}"
        if behind_edge and answer.status_code == _REFUSED:
            return None
        if answer.status_code != self.status:
            return f"answered {answer.status_code} instead of {self.status}"
        return None if self.holds in answer.text else f"the answer lacks {self.holds!r}"
