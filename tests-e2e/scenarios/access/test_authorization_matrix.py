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
from steps import given, then, tokens, when
from steps.given import User
from steps.identities import an_iam_user
from steps.staff import staff_of
from support.declared_routes import DeclaredRoute, Door, declared_routes
from support.polling import until
from support.stage import Stage

pytestmark = pytest.mark.http_only

Send = Callable[[Request], Answer]

THROUGH = 0
"""In place of a status: whatever the function itself answers."""
REFUSED = {Door.EVERYBODY: THROUGH, Door.IDENTITIES: 403, Door.USERS: 401, Door.ADMINS: 401, Door.STAFF: 401}
GARBAGE = ["", "x", "a.b.c", "Bearer", "null", "AWS4-HMAC-SHA256", "x" * 5_000]
EXPECTED: dict[str, dict[Door, int]] = {
    "nothing": REFUSED,
    **{f"garbage {number}": REFUSED for number in range(len(GARBAGE))},
    "a token with changed claims": REFUSED,
    "a token with a changed signature": REFUSED,
    "an unsigned token": REFUSED,
    "an access token": REFUSED,
    "a customer's token": REFUSED | {Door.USERS: THROUGH, Door.ADMINS: 403, Door.STAFF: 403},
    # An administrator is no staff.
    "a restaurant admin's token": REFUSED | {Door.USERS: THROUGH, Door.ADMINS: THROUGH, Door.STAFF: 403},
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


def _marked(routes: Iterable[DeclaredRoute]) -> list[ParameterSet]:
    return [pytest.param(route, id=str(route), marks=pytest.mark.about(route.service)) for route in routes]


EVERY_ROUTE = _marked(ROUTES)
OWNED = {"orderId"}
# Restaurants and documents belong to no user; whose a bookmark is, is not in the path (test_favourites.py).
COMMON = {"name", "document", "version"}
OWNED_ROUTES = _marked(
    route for route in ROUTES if route.door is Door.USERS and not COMMON.issuperset(route.parameters)
)
STAFF_ROUTES = _marked(route for route in ROUTES if route.door is Door.STAFF)
SHORT_SECONDS = 2
# For what a function remembers of staff, on a stage where that is longest, and for the starts of functions.
REMOVAL_SECONDS = 60
STARTED_SECONDS = 30


@pytest.fixture(scope="module")
def an_order_id(driver: Driver, any_customer: User) -> str:
    """Return the id of an order of a restaurant whose staff nobody in this matrix is."""
    return then.an_order_is_placed(when.a_customer_orders_from(driver, any_customer, given.A_RESTAURANT))


def _asked(route: DeclaredRoute, order_id: str) -> Request:
    """Return a request to a route; what only staff may do is asked of a restaurant that exists."""
    exists = {"orderId": order_id, "name": given.A_RESTAURANT}
    return route.request(**exists if route.door is Door.STAFF else {})


@pytest.fixture(scope="module")
def presented(driver: Driver, any_customer: User, restaurant_admin: User) -> dict[str, Send]:
    """Give, for everything that may be presented, how to send a request with it."""

    def carrying(token: str) -> Send:
        return lambda request: driver.send(replace(request, token=token))

    genuine = restaurant_admin.id_token
    return {
        "nothing": driver.send,
        **{f"garbage {number}": carrying(garbage) for number, garbage in enumerate(GARBAGE)},
        "a token with changed claims": carrying(
            tokens.with_changed_claims(any_customer.id_token, **{tokens.GROUPS: [given.RESTAURANT_ADMINS]})
        ),
        "a token with a changed signature": carrying(tokens.with_changed_signature(genuine)),
        "an unsigned token": carrying(tokens.that_is_unsigned(genuine)),
        "an access token": carrying(restaurant_admin.access_token),
        "a customer's token": carrying(any_customer.id_token),
        "a restaurant admin's token": carrying(genuine),
        "a signature": lambda request: driver.send(replace(request, is_signed=True)),
    }


@pytest.fixture(scope="module")
def presented_on_emulator(stage: Stage, driver: Driver, restaurant_admin: User) -> Iterator[dict[str, Send]]:
    """The same for what only the emulator lets a test suite make."""
    may_invoke = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    with (
        tokens.a_short_lived_token(stage, restaurant_admin, seconds=SHORT_SECONDS) as token,
        tokens.a_token_of_another_pool(stage, restaurant_admin) as foreign,
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
    presented: dict[str, Send], an_order_id: str, route: DeclaredRoute, what: str
) -> None:
    request = _asked(route, an_order_id)
    # Its first caller may come in vain, when a function waits for others that start, too.
    answer = until(
        lambda: presented[what](request),
        lambda answer: answer.status != 503,
        within_seconds=STARTED_SECONDS,
        what=f"an answer of {route}",
    )
    _held_to(answer, EXPECTED[what][route.door], route)


@pytest.mark.emulator_only
@pytest.mark.parametrize("route", EVERY_ROUTE)
@pytest.mark.parametrize("what", EXPECTED_ON_EMULATOR)
def test_a_route_lets_through_whom_it_declares_on_the_emulator(
    presented_on_emulator: dict[str, Send], route: DeclaredRoute, what: str
) -> None:
    answer = presented_on_emulator[what](route.request())
    _held_to(answer, EXPECTED_ON_EMULATOR[what][route.door], route)


@pytest.mark.about("orders")
@pytest.mark.emulator_only
def test_a_token_opens_until_it_expires(stage: Stage, driver: Driver, any_customer: User) -> None:
    with tokens.a_short_lived_token(stage, any_customer, seconds=SHORT_SECONDS) as token:
        then.it_shows_orders(when.a_user_lists_orders(driver, token))
        then.it_is_refused(when.a_user_lists_orders(driver, tokens.expired(token)), 401)


@pytest.mark.parametrize("route", STAFF_ROUTES)
def test_what_is_a_restaurants_is_for_its_staff_as_long_as_they_are(
    driver: Driver, stage: Stage, customer: User, restaurant_admin: User, route: DeclaredRoute
) -> None:
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, given.A_RESTAURANT))

    def ask(user: User) -> Answer:
        return driver.send(replace(_asked(route, order_id), token=user.id_token))

    with given.a_signed_in_user(stage) as person:
        then.it_is_refused(ask(person), 403)
        with staff_of(driver, restaurant_admin, given.ANOTHER_RESTAURANT, person):
            then.it_is_refused(ask(person), 403)
        with staff_of(driver, restaurant_admin, given.A_RESTAURANT, person):
            _held_to(ask(person), THROUGH, route)
        until(
            lambda: ask(person).status,
            lambda status: status == 403,
            within_seconds=REMOVAL_SECONDS,
            what="the refusal of a person who was removed from the staff",
        )


@pytest.mark.parametrize("route", OWNED_ROUTES)
def test_a_resource_of_one_user_does_not_exist_for_others(
    driver: Driver, customer: User, another_customer: User, route: DeclaredRoute
) -> None:
    assert set(route.parameters) <= OWNED, f"whose are the {route.parameters} of {route}?"
    order_id = then.an_order_is_placed(when.a_customer_orders_from(driver, customer, given.A_RESTAURANT))
    request = route.request(orderId=order_id)

    _held_to(driver.send(replace(request, token=customer.id_token)), THROUGH, route)
    then.it_is_refused(driver.send(replace(request, token=another_customer.id_token)), 404)


def test_no_route_is_deployed_that_is_not_declared(stage: Stage) -> None:
    services = {route.service for route in ROUTES}
    deployed = {
        (service, route.method, route.path, route.authorizer)
        for service in services
        for route in deployed_routes(stage, service)
    }
    assert deployed == {(route.service, route.method, route.path, route.authorizer) for route in ROUTES}


def _held_to(answer: Answer, expected: int, route: DeclaredRoute) -> None:
    if expected == THROUGH:
        assert answer.status not in {401, 403}, (answer.status, answer.text)
        assert answer.status < 500, (answer.status, answer.text)
    elif route.door is Door.IDENTITIES:
        # The emulator refuses some signatures before it comes to the API, and its answers.
        assert answer.status == expected, (answer.status, answer.text)
    else:
        then.it_is_refused(answer, expected)
