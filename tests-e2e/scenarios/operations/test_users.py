"""An operator changes and erases users; what is recorded of it names nobody."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from stagectl import aws
from stagectl.people.user_pool import UnknownUserError, UserPool

from steps import given
from steps.given import Person, User
from support.stage import Stage

# They read all that a stage holds, which on AWS only an operator may.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("auth")]

Stagectl = Callable[..., Any]


@pytest.fixture
def group(stage: Stage) -> Iterator[str]:
    """A group of the pool, which is removed afterwards."""
    name, pool = f"e2e-{uuid.uuid4()}", stage.published("auth", "userPoolId")
    stage.cognito.create_group(UserPoolId=pool, GroupName=name)
    yield name
    stage.cognito.delete_group(UserPoolId=pool, GroupName=name)


def test_an_operator_adds_a_member_of_a_group_and_the_record_says_who_it_was(
    stage: Stage, stagectl: Stagectl, group: str
) -> None:
    email = Person().email
    added = stagectl("add", email, "--given-name", "Ada", "--family-name", "Lovelace", "--json")
    document = json.loads(added.stdout)
    user_id, password = document["user"]["userId"], document["temporaryPassword"]
    try:
        challenged = stage.cognito.admin_initiate_auth(
            UserPoolId=stage.published("auth", "userPoolId"),
            ClientId=stage.published("auth", "serverClientId"),
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
        assert challenged["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        assert stagectl("group", email, "--add", group).stdout == f"{group}\n"
        members = json.loads(stagectl("list", "--group", group, "--json").stdout)
        assert email in {member["email"] for member in members}
        records = json.loads(stagectl("audit", "--user", email, "--json").stdout)
    finally:
        UserPool.of_stage(stage.name).delete(UserPool.of_stage(stage.name).find(user_id))

    assert [record["action"] for record in records] == ["add", f"group --add {group}"]
    assert {record["by"] for record in records} == {aws.session().client("sts").get_caller_identity()["Arn"]}
    assert email not in json.dumps(records)


def test_a_disabled_user_is_signed_out_and_may_sign_in_only_when_enabled_again(
    stage: Stage, stagectl: Stagectl, customer: User
) -> None:
    person = customer.person
    assert stage.cognito.get_user(AccessToken=customer.access_token)

    assert stagectl("disable", person.email).exit_code == 0

    with pytest.raises(stage.cognito.exceptions.NotAuthorizedException):
        given.sign_in(stage, person.username, person.password)
    assert stagectl("enable", person.email).exit_code == 0
    assert given.sign_in(stage, person.username, person.password)
    # What was revoked stays revoked.
    with pytest.raises(stage.cognito.exceptions.NotAuthorizedException):
        stage.cognito.get_user(AccessToken=customer.access_token)


def test_an_erased_user_is_in_the_pool_no_longer(
    stage: Stage, stagectl: Stagectl, customer: User, tmp_path: Path
) -> None:
    erased = stagectl("erase", customer.user_id, "--yes", "--now", "--report", str(tmp_path / "report.json"))

    assert erased.exit_code == 0, erased.exception or erased.output
    with pytest.raises(UnknownUserError):
        UserPool.of_stage(stage.name).find(customer.user_id)
