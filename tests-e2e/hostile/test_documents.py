"""What a service's OpenAPI document says holds, whatever is sent to it.

`HOSTILE_EXAMPLES` and `HOSTILE_SEED` make a longer or another run.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from drivers.exchange import Driver
from hostile.attack import Outcome, attack, documented_services, links_of, operations_of, walk
from hostile.effort import Effort
from steps import given, then, when
from steps.given import User
from support.stage import Stage

EFFORT = Effort.wanted()
SEEDS = 8
pytestmark = [pytest.mark.http_only, pytest.mark.hostile, pytest.mark.timeout(EFFORT.timeout_seconds)]

SERVICES = [
    pytest.param(service, id=service, marks=pytest.mark.about(service)) for service in documented_services()
]
LINKED = [one for one in SERVICES if links_of(str(one.values[0]))]


@pytest.fixture(scope="module")
def attacker(stage: Stage) -> Iterator[User]:
    """A user with all permissions of users, since a refused caller reaches no further checks."""
    with given.a_signed_in_user(stage, [given.RESTAURANT_ADMINS]) as user:
        yield user


@pytest.fixture
def put_restaurants(driver: Driver, attacker: User) -> Iterator[set[str]]:
    """Collects the names of restaurants that a test has put; they are removed afterwards."""
    names: set[str] = set()
    yield names
    for name in names:
        deleted = when.a_user_deletes_a_restaurant(driver, attacker.id_token, name)
        assert deleted.status in {204, 404}, deleted


@pytest.fixture
def submission_ids(driver: Driver, customer: User, put_restaurants: set[str]) -> list[str]:
    """Two submissions that wait for a review: one may be approved, and the other rejected.

    The attacker may have as many waiting ones as a person may have.
    """
    names = [given.a_new_restaurant_name() for _ in range(2)]
    put_restaurants |= set(names)
    return [
        then.it_is_submitted(
            when.a_user_submits_a_restaurant(driver, customer.id_token, {"name": name, "themes": []})
        )
        for name in names
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_any_request_is_answered_as_documented(
    stage: Stage, attacker: User, put_restaurants: set[str], service: str
) -> None:
    outcome = attack(stage, service, attacker, EFFORT)
    put_restaurants |= outcome.put

    _report(outcome, service)
    assert operations_of(service) - {operation for operation, _ in outcome.answers} == set()


@pytest.mark.parametrize("service", LINKED)
def test_requests_that_go_on_with_an_answer_are_answered_as_documented(
    stage: Stage, attacker: User, put_restaurants: set[str], submission_ids: list[str], service: str
) -> None:
    followed: set[str] = set()
    # The seed and the document's text decide which links are followed: one seed may leave out a rare one.
    for seed in range(EFFORT.seed, EFFORT.seed + SEEDS):
        effort = replace(EFFORT, seed=seed)
        from_posts = (seed - EFFORT.seed) % 2 == 0
        outcome = walk(stage, service, attacker, effort, from_posts=from_posts, submission_ids=submission_ids)
        put_restaurants |= outcome.put
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
