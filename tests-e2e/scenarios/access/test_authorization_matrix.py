"""Every route of every service × every kind of credentials: which calls are allowed, which refused.

Routes are found in serverless.yml, and what is expected follows from what each declares: a new route is
covered automatically, and one unlike all others fails until its expectation is added.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from _pytest.mark import ParameterSet

from drivers.exchange import Answer, Driver, Request
from drivers.routes import deployed_routes
from steps import given, tokens
from steps.doors import THROUGH, held_to
from steps.given import User
from steps.identities import an_iam_user
from steps.shop import catalogue, then, when  # only-with-example-services
from support.declared_routes import DeclaredRoute, Door, declared_routes
from support.polling import until
from support.stage import Stage

pytestmark = pytest.mark.http_only

Send = Callable[[Request], Answer]

REFUSED = {
    Door.EVERYBODY: THROUGH,
    Door.IDENTITIES: 403,
    Door.USERS: 401,
    Door.CHOSEN: 401,
    Door.MEMBERS: 401,
}
GARBAGE = ["", "x", "a.b.c", "Bearer", "null", "AWS4-HMAC-SHA256", "x" * 5_000]
EXPECTED: dict[str, dict[Door, int]] = {
    "nothing": REFUSED,
    **{f"garbage {number}": REFUSED for number in range(len(GARBAGE))},
    "a token with changed claims": REFUSED,
    "a token with a changed signature": REFUSED,
    "an unsigned token": REFUSED,
    "an access token": REFUSED,
    "a customer's token": REFUSED | {Door.USERS: THROUGH, Door.CHOSEN: 403, Door.MEMBERS: 403},
    # Who is in all groups is nevertheless not whom a handler lets through.
    "a member's token": REFUSED | {Door.USERS: THROUGH, Door.CHOSEN: 403, Door.MEMBERS: THROUGH},
    "a signature": REFUSED | {Door.IDENTITIES: THROUGH},
}
# These need what AWS gives no test suite: tokens of a few seconds, and users and user pools of the account.
EXPECTED_ON_EMULATOR: dict[str, dict[Door, int]] = {
    "an expired token": REFUSED,
    "a token of another pool": REFUSED,
    "a wrong signature": REFUSED,
    "a signature without permission": REFUSED,
}
ROUTES = declared_routes()
GROUPS = sorted({route.group for route in ROUTES if route.group})


def _marked(routes: Iterable[DeclaredRoute]) -> list[ParameterSet]:
    return [pytest.param(route, id=str(route), marks=pytest.mark.about(route.service)) for route in routes]


EVERY_ROUTE = _marked(ROUTES)
SHORT_SECONDS = 2
STARTED_SECONDS = 30


@pytest.fixture(scope="module")
def member(stage: Stage) -> Iterator[User]:
    """A user in every group that a handler asks for."""
    with given.a_signed_in_user(stage, GROUPS) as user:
        yield user


@pytest.fixture(scope="module")
def of_others(driver: Driver, any_customer: User) -> dict[str, str]:
    """Values for path parameters by which handlers refuse everybody in this matrix."""
    values: dict[str, str] = {}
    # begin only-with-example-services
    answer = when.a_customer_orders_from(driver, any_customer, catalogue.A_RESTAURANT)
    values |= {"orderId": then.an_order_is_placed(answer), "name": catalogue.A_RESTAURANT}
    # end only-with-example-services
    return values


@pytest.fixture(scope="module")
def presented(driver: Driver, any_customer: User, member: User) -> dict[str, Send]:
    """Give, for everything that may be presented, how to send a request with it."""

    def carrying(token: str) -> Send:
        return lambda request: driver.send(replace(request, token=token))

    genuine = member.id_token
    return {
        "nothing": driver.send,
        **{f"garbage {number}": carrying(garbage) for number, garbage in enumerate(GARBAGE)},
        "a token with changed claims": carrying(
            tokens.with_changed_claims(any_customer.id_token, **{tokens.GROUPS: GROUPS})
        ),
        "a token with a changed signature": carrying(tokens.with_changed_signature(genuine)),
        "an unsigned token": carrying(tokens.that_is_unsigned(genuine)),
        "an access token": carrying(member.access_token),
        "a customer's token": carrying(any_customer.id_token),
        "a member's token": carrying(genuine),
        "a signature": lambda request: driver.send(replace(request, is_signed=True)),
    }


@pytest.fixture(scope="module")
def presented_on_emulator(stage: Stage, driver: Driver, member: User) -> Iterator[dict[str, Send]]:
    """The same for what only the emulator lets a test suite make."""
    may_invoke = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    with (
        tokens.a_short_lived_token(stage, member, seconds=SHORT_SECONDS) as token,
        tokens.a_token_of_another_pool(stage, member) as foreign,
        an_iam_user(stage) as unprivileged,
        an_iam_user(stage, may_invoke) as privileged,
        closing(privileged.with_secret("not the secret")) as forger,
    ):
        expired = tokens.expired(token)
        yield {
            "an expired token": lambda request: driver.send(replace(request, token=expired)),
            "a token of another pool": lambda request: driver.send(replace(request, token=foreign)),
            "a wrong signature": lambda request: forger.send(replace(request, is_signed=True)),
            "a signature without permission": lambda request: unprivileged.send(
                replace(request, is_signed=True)
            ),
        }


@pytest.mark.parametrize("route", EVERY_ROUTE)
@pytest.mark.parametrize("what", EXPECTED)
def test_a_route_lets_through_whom_it_declares(
    presented: dict[str, Send], of_others: dict[str, str], route: DeclaredRoute, what: str
) -> None:
    request = route.request(**of_others if route.door is Door.CHOSEN else {})
    # Its first caller may come in vain, when a function waits for others that start, too.
    answer = until(
        lambda: presented[what](request),
        lambda answer: answer.status != 503,
        within_seconds=STARTED_SECONDS,
        what=f"an answer of {route}",
    )
    held_to(answer, EXPECTED[what][route.door], route)


@pytest.mark.emulator_only
@pytest.mark.parametrize("route", EVERY_ROUTE)
@pytest.mark.parametrize("what", EXPECTED_ON_EMULATOR)
def test_a_route_lets_through_whom_it_declares_on_the_emulator(
    presented_on_emulator: dict[str, Send], route: DeclaredRoute, what: str
) -> None:
    answer = presented_on_emulator[what](route.request())
    held_to(answer, EXPECTED_ON_EMULATOR[what][route.door], route)


def test_no_route_is_deployed_that_is_not_declared(stage: Stage) -> None:
    services = {route.service for route in ROUTES}
    deployed = {
        (service, route.method, route.path, route.authorizer)
        for service in services
        for route in deployed_routes(stage, service)
    }
    assert deployed == {(route.service, route.method, route.path, route.authorizer) for route in ROUTES}
