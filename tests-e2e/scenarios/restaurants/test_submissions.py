"""A restaurant joins: a person submits it, an administrator reviews it, and it opens."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.exchange import Driver
from steps import given
from steps.given import User
from steps.shop import catalogue, then, when
from support.polling import until
from support.stage import Stage

# In the other mode the workflow would call the deployed functions anyway.
pytestmark = [pytest.mark.http_only, pytest.mark.about("restaurants")]

OPENED_SECONDS = 40


@pytest.fixture
def name(driver: Driver, restaurant_admin: User) -> Iterator[str]:
    """The name of a restaurant that does not exist yet, and not any longer afterwards."""
    name = catalogue.a_new_restaurant_name()
    yield name
    assert when.a_user_deletes_a_restaurant(driver, restaurant_admin.id_token, name).status in {204, 404}


def _submit(driver: Driver, user: User, name: str) -> str:
    details = {"name": name, "themes": ["e2e"]}
    return then.it_is_submitted(when.a_user_submits_a_restaurant(driver, user.id_token, details))


def _state(driver: Driver, user: User, submission_id: str, *, becomes: str) -> None:
    """The submitter sees the state of the submission; the index follows the table a moment late."""
    until(
        lambda: then.it_shows_submissions(when.a_user_lists_submissions(driver, user.id_token)),
        lambda states: states.get(submission_id) == becomes,
        within_seconds=OPENED_SECONDS,
        what=f"submission {submission_id} {becomes}",
    )


def test_an_approved_restaurant_opens_and_its_submitter_is_staff(
    driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    submission_id = _submit(driver, customer, name)
    assert _submit(driver, customer, name) == submission_id
    waiting = when.a_user_lists_submissions(driver, restaurant_admin.id_token, ("state", "pending"))
    assert then.it_shows_submissions(waiting)[submission_id] == "pending"

    for _ in range(2):
        answer = when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "approve")
        assert (answer.status, answer.json()["state"]) == (200, "approved")

    until(
        lambda: when.a_service_asks_for_staff(driver, name, customer.person.email).status,
        lambda status: status == 200,
        within_seconds=OPENED_SECONDS,
        what="the submitter as staff",
    )
    found = then.it_finds_restaurants(when.a_visitor_finds_restaurants(driver, text=name))
    assert [(one.name, one.themes) for one in found.restaurants] == [(name, ["e2e"])]
    late = when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "reject")
    then.it_is_refused(late, 409)
    then.it_is_refused(
        when.a_user_submits_a_restaurant(driver, customer.id_token, {"name": name, "themes": []}), 409
    )


def test_a_rejected_restaurant_does_not_open_and_may_be_submitted_again(
    driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    submission_id = _submit(driver, customer, name)

    for _ in range(2):
        answer = when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "reject")
        assert (answer.status, answer.json()["state"]) == (200, "rejected")

    late = when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "approve")
    then.it_is_refused(late, 409)
    _state(driver, customer, submission_id, becomes="rejected")
    assert _submit(driver, customer, name) == submission_id
    when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "reject")


def test_a_name_that_was_taken_meanwhile_is_rejected_at_approval(
    driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    submission_id = _submit(driver, customer, name)
    details = {"image": catalogue.A_SEEDED_IMAGE, "themes": []}
    when.a_user_puts_a_restaurant(driver, restaurant_admin.id_token, name, details)

    answer = when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "approve")

    then.it_is_refused(answer, 409)
    _state(driver, customer, submission_id, becomes="rejected")
    then.it_is_refused(when.a_service_asks_for_staff(driver, name, customer.person.email), 404)


# These look at executions, which the tester may not list.
@pytest.mark.emulator_only
@pytest.mark.parametrize(("answer", "state"), [("approve", "approved"), ("reject", "rejected")])
def test_a_review_ends_the_wait_of_its_workflow(
    *,
    stage: Stage,
    driver: Driver,
    restaurant_admin: User,
    customer: User,
    name: str,
    answer: str,
    state: str,
) -> None:
    submission_id = _submit(driver, customer, name)
    until(
        lambda: _stored(stage, submission_id).keys(),
        lambda attributes: "review_token" in attributes,
        within_seconds=OPENED_SECONDS,
        what="a workflow that waits for the review",
    )

    when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, answer)

    until(
        lambda: _newest_execution(stage, submission_id)["status"],
        lambda status: status == "SUCCEEDED",
        within_seconds=OPENED_SECONDS,
        what="the end of the workflow",
    )
    assert _stored(stage, submission_id)["state"] == {"S": state}


@pytest.mark.emulator_only
def test_a_submission_that_nobody_reviews_expires(
    stage: Stage, driver: Driver, restaurant_admin: User, customer: User, name: str
) -> None:
    path = stage.parameter_path("restaurants", "submit-restaurant", "config")
    with given.a_changed_configuration(stage, path, {"patienceSeconds": 1}):
        submission_id = _submit_with_patience_of_a_second(stage, driver, customer, restaurant_admin, name)

    _state(driver, customer, submission_id, becomes="expired")

    late = when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "approve")
    problem = then.it_is_refused(late, 409)
    assert problem.detail == "This submission is expired already."


def _stored(stage: Stage, submission_id: str) -> dict[str, Any]:
    table = stage.name_on_stage("restaurants", "submissions")
    key = {"submission_id": {"S": submission_id}}
    found: dict[str, Any] = stage.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    return found


def _newest_execution(stage: Stage, submission_id: str) -> dict[str, Any]:
    machine = f":stateMachine:{stage.name_on_stage('restaurants', 'review-submission')}"
    (arn,) = [
        one["stateMachineArn"]
        for one in stage.step_functions.list_state_machines()["stateMachines"]
        if one["stateMachineArn"].endswith(machine)
    ]
    executions = stage.step_functions.list_executions(stateMachineArn=arn)["executions"]
    mine = [one for one in executions if one["name"].startswith(submission_id)]
    newest = max(mine, key=lambda one: one["startDate"])["executionArn"]
    return dict(stage.step_functions.describe_execution(executionArn=newest))


def _submit_with_patience_of_a_second(
    stage: Stage, driver: Driver, user: User, admin: User, name: str
) -> str:
    """Submit until the changed configuration is in force, which the input of the workflow shows."""

    def submitted() -> str | None:
        submission_id = _submit(driver, user, name)
        if json.loads(_newest_execution(stage, submission_id)["input"])["patienceSeconds"] == 1:
            return submission_id
        when.a_user_reviews_a_submission(driver, admin.id_token, submission_id, "reject")
        return None

    found = until(
        submitted,
        lambda submission_id: submission_id is not None,
        within_seconds=OPENED_SECONDS,
        what="a patience of one second",
    )
    assert found is not None
    return found


def test_a_submission_that_does_not_exist_is_not_found(driver: Driver, restaurant_admin: User) -> None:
    for answer in ("approve", "reject"):
        then.it_is_refused(
            when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, "nothing", answer), 404
        )


def test_a_customer_neither_reviews_nor_sees_the_submissions_of_others(
    driver: Driver, restaurant_admin: User, customer: User, another_customer: User, name: str
) -> None:
    submission_id = _submit(driver, customer, name)

    for answer in ("approve", "reject"):
        then.it_is_refused(
            when.a_user_reviews_a_submission(driver, customer.id_token, submission_id, answer), 403
        )
    pending = when.a_user_lists_submissions(driver, customer.id_token, ("state", "pending"))
    then.it_is_refused(pending, 403)
    own = when.a_user_lists_submissions(driver, another_customer.id_token)
    assert then.it_shows_submissions(own) == {}
    when.a_user_reviews_a_submission(driver, restaurant_admin.id_token, submission_id, "reject")


@pytest.mark.parametrize(
    ("details", "field"),
    [({"name": "search"}, "name"), ({"name": "submissions"}, "name"), ({"name": "x" * 101}, "name")],
)
def test_a_name_that_no_restaurant_can_have_is_refused(
    driver: Driver, any_customer: User, details: dict[str, str], field: str
) -> None:
    answer = when.a_user_submits_a_restaurant(driver, any_customer.id_token, {"themes": []} | details)

    then.it_is_refused(answer, 400, field)
