"""What came of a request: throttled and shed ones are no errors, they are how a stage protects itself."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus

LONGEST_PAUSE_SECONDS = 10.0
USUAL_PAUSE_SECONDS = 1.0


class Outcome(StrEnum):
    """How a request ended.

    `THROTTLED` is a 429: more came than the stage's quota allows. `SHED` is a 503 that says when to come
    back: the stage knows that it cannot do this now. `ERROR` is everything else that is no answer.
    """

    ANSWERED = "answered"
    THROTTLED = "throttled"
    SHED = "shed"
    ERROR = "error"


def outcome_of(status: int, headers: Mapping[str, str]) -> Outcome:
    """Return the outcome of a request from its status, 0 for none, and its headers in lower case."""
    if HTTPStatus.OK <= status < HTTPStatus.BAD_REQUEST:
        return Outcome.ANSWERED
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome.THROTTLED
    if status == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" in headers:
        return Outcome.SHED
    return Outcome.ERROR


def pause_seconds(headers: Mapping[str, str]) -> float:
    """Return how long a refused customer waits: `Retry-After`, within bounds."""
    told = headers.get("retry-after", "")
    return min(float(told), LONGEST_PAUSE_SECONDS) if told.isdecimal() else USUAL_PAUSE_SECONDS
