"""Expectations of scenarios. Each step returns what it found."""

from collections.abc import Collection

from drivers.exchange import Answer
from support.contract import Problem

# The emulator takes milliseconds, AWS seconds, and a first start of three functions in a row some more.
DELIVERY_SECONDS = 30


def it_is_refused(answer: Answer, status: int | Collection[int], *naming: str) -> Problem:
    """The answer is a problem with this status (or one of these) whose faults name all of these."""
    statuses = {status} if isinstance(status, int) else set(status)
    assert answer.status in statuses, (answer.status, answer.text)
    problem = answer.problem()
    assert problem.status in {None, answer.status}
    assert problem.requestId
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    if answer.status == 401:
        # Only API Gateway's own answers keep it; it would rename a function's.
        assert answer.headers["www-authenticate"] == "Bearer"
    faults = str(problem.errors)
    assert [name for name in naming if name not in faults] == [], faults
    return problem
