"""IAM is really on: who lacks a permission is refused."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from drivers.exchange import Answer, Driver
from steps.given import User
from steps.identities import an_iam_user
from steps.shop import catalogue, then, when
from support.polling import until
from support.stage import Stage

# They change roles and users of the account, which on AWS is not for a test suite to do.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("restaurants")]
about_orders = pytest.mark.about("orders")

IN_FORCE_SECONDS = 15
# 404: the function asked, and there is none.
DONE = {200, 204, 404}

Call = Callable[[Driver, User], Answer]


def _search(driver: Driver, user: User) -> Answer:
    return when.a_user_searches(driver, user.id_token, {"theme": "cartoon"})


def _list(driver: Driver, user: User) -> Answer:
    return when.a_service_lists_restaurants(driver, ("count", "1"))


def _order(driver: Driver, user: User) -> Answer:
    return when.a_customer_orders_from(driver, user, catalogue.A_RESTAURANT)


def _order_from_no_restaurant(driver: Driver, user: User) -> Answer:
    # Whether one exists is remembered for a while when it does, and then nothing is asked.
    return when.a_customer_orders_from(driver, user, "No such restaurant")


def _list_orders(driver: Driver, user: User) -> Answer:
    return when.a_user_lists_orders(driver, user.id_token)


def _bookmark(driver: Driver, user: User) -> Answer:
    return when.a_user_bookmarks(driver, user.id_token, catalogue.A_RESTAURANT)


def _remove_a_bookmark(driver: Driver, user: User) -> Answer:
    return when.a_user_removes_a_bookmark(driver, user.id_token, catalogue.A_RESTAURANT)


def _list_favourites(driver: Driver, user: User) -> Answer:
    # Without a bookmark nothing is looked up in the catalogue.
    _bookmark(driver, user)
    return when.a_user_lists_favourites(driver, user.id_token)


def _list_own_restaurants(driver: Driver, user: User) -> Answer:
    return when.a_user_lists_staffed_restaurants(driver, user.id_token)


def _ask_for_staff(driver: Driver, user: User) -> Answer:
    return when.a_service_asks_for_staff(driver, catalogue.A_RESTAURANT, user.person.email)


@pytest.mark.parametrize(
    ("role", "action", "call"),
    [
        (("restaurants", "search-restaurants"), "dynamodb:Query", _search),
        (("restaurants", "get-restaurants"), "dynamodb:Query", _list),
        pytest.param(
            ("restaurants", "get-restaurant"),
            "dynamodb:GetItem",
            _order_from_no_restaurant,
            marks=about_orders,
        ),
        pytest.param(("orders", "place-order"), "dynamodb:PutItem", _order, marks=about_orders),
        pytest.param(
            ("orders", "place-order"), "execute-api:Invoke", _order_from_no_restaurant, marks=about_orders
        ),
        pytest.param(("orders", "list-orders"), "dynamodb:Query", _list_orders, marks=about_orders),
        (("restaurants", "put-favourite"), "dynamodb:GetItem", _bookmark),
        (("restaurants", "put-favourite"), "dynamodb:PutItem", _bookmark),
        (("restaurants", "delete-favourite"), "dynamodb:DeleteItem", _remove_a_bookmark),
        (("restaurants", "get-favourites"), "dynamodb:Query", _list_favourites),
        (("restaurants", "get-favourites"), "dynamodb:BatchGetItem", _list_favourites),
        (("restaurants", "get-staffed-restaurants"), "dynamodb:Query", _list_own_restaurants),
        (("restaurants", "get-staff-member"), "dynamodb:GetItem", _ask_for_staff),
    ],
)
def test_a_function_whose_role_lacks_a_permission_is_refused(
    driver: Driver, stage: Stage, any_customer: User, *, role: tuple[str, str], action: str, call: Call
) -> None:
    assert call(driver, any_customer).status in DONE

    with _a_role_without(stage, stage.name_on_stage(*role), action):
        refused = _once_answered(lambda: call(driver, any_customer), lambda status: status not in DONE)
        then.it_is_refused(refused, {500, 503})

    _once_answered(lambda: call(driver, any_customer), lambda status: status in DONE)


def test_a_caller_who_may_not_invoke_the_list_is_refused(stage: Stage) -> None:
    with an_iam_user(stage) as caller:
        assert when.a_service_lists_restaurants(caller).status == 403


def test_a_caller_who_may_invoke_the_list_gets_it(stage: Stage) -> None:
    with an_iam_user(stage, {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}) as caller:
        then.it_shows_restaurants(when.a_service_lists_restaurants(caller))


def _once_answered(call: Callable[[], Answer], is_status: Callable[[int], bool]) -> Answer:
    return until(
        call,
        lambda answer: is_status(answer.status),
        within_seconds=IN_FORCE_SECONDS,
        what="the changed role in force",
    )


@contextmanager
def _a_role_without(stage: Stage, role_name: str, action: str) -> Iterator[None]:
    """Take an action out of a role's own policies, and put it back afterwards."""
    policies = _policies(stage, role_name)
    assert any(action in _actions(one) for policy in policies.values() for one in policy["Statement"])
    try:
        for name, policy in policies.items():
            kept = [statement for statement in policy["Statement"] if action not in _actions(statement)]
            _put_policy(stage, role_name, name, policy | {"Statement": kept})
        yield
    finally:
        for name, policy in policies.items():
            _put_policy(stage, role_name, name, policy)


def _policies(stage: Stage, role_name: str) -> dict[str, dict[str, Any]]:
    names = stage.iam.list_role_policies(RoleName=role_name)["PolicyNames"]
    return {
        name: cast(
            "dict[str, Any]",
            # boto3 has decoded it, whatever its type says.
            stage.iam.get_role_policy(RoleName=role_name, PolicyName=name)["PolicyDocument"],
        )
        for name in names
    }


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def _put_policy(stage: Stage, role_name: str, policy_name: str, document: dict[str, Any]) -> None:
    stage.iam.put_role_policy(RoleName=role_name, PolicyName=policy_name, PolicyDocument=json.dumps(document))
