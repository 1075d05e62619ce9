"""What a service's OpenAPI document says holds, whatever is sent to it.

`HOSTILE_EXAMPLES` and `HOSTILE_SEED` make a longer or another run.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hostile.attack import Outcome, attack, documented_services, links_of, operations_of, walk
from hostile.effort import Effort
from steps import given
from steps.given import User
from support.declared_routes import declared_routes
from support.stage import Stage

EFFORT = Effort.wanted()
GROUPS = sorted({route.group for route in declared_routes() if route.group})
SEEDS = 8
pytestmark = [pytest.mark.http_only, pytest.mark.hostile, pytest.mark.timeout(EFFORT.timeout_seconds)]

SERVICES = [
    pytest.param(service, id=service, marks=pytest.mark.about(service)) for service in documented_services()
]
LINKED = [one for one in SERVICES if links_of(str(one.values[0]))]


@pytest.fixture(scope="module")
def attacker(stage: Stage) -> Iterator[User]:
    """A user with all permissions of users, since a refused caller reaches no further checks."""
    with given.a_signed_in_user(stage, GROUPS) as user:
        yield user


@pytest.mark.parametrize("service", SERVICES)
def test_any_request_is_answered_as_documented(
    stage: Stage, attacker: User, service: str, request: pytest.FixtureRequest
) -> None:
    outcome = attack(stage, service, attacker, EFFORT)
    request.getfixturevalue("attacked").append(outcome)  # only-with-example-services

    _report(outcome, service)
    assert operations_of(service) - {operation for operation, _ in outcome.answers} == set()


@pytest.mark.parametrize("service", LINKED)
def test_requests_that_go_on_with_an_answer_are_answered_as_documented(
    stage: Stage, attacker: User, service: str, request: pytest.FixtureRequest
) -> None:
    followed: set[str] = set()
    values: dict[str, Any] = {}
    values["submissionId"] = {"enum": request.getfixturevalue("submission_ids")}  # only-with-example-services
    # The seed and the document's text decide which links are followed: one seed may leave out a rare one.
    for seed in range(EFFORT.seed, EFFORT.seed + SEEDS):
        effort = replace(EFFORT, seed=seed)
        from_posts = (seed - EFFORT.seed) % 2 == 0
        outcome = walk(stage, service, attacker, effort, from_posts=from_posts, values=values)
        request.getfixturevalue("attacked").append(outcome)  # only-with-example-services
        followed |= outcome.followed.keys()
        _report(outcome, service)
        if followed >= links_of(service):
            return
    assert links_of(service) - followed == set()


def _report(outcome: Outcome, service: str) -> None:
    """Print what was asked and answered, and fail with all that was wrong."""
    print(f"\n{service}: {EFFORT}")  # noqa: T201 - shown when it fails
    for (operation, status), count in sorted(outcome.answers.items()):
        print(f"{operation:<24} {status} {count:>6}")  # noqa: T201 - shown when it fails
    faults = [f"{fault}\n{request}" for fault, request in outcome.faults.items()]
    assert not faults, "\n\n".join(faults)
