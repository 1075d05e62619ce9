"""Who may sign up, and how they sign in afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from drivers.exchange import Driver
from polling import until
from stage import Stage
from steps import given, when
from steps.given import Person, User

pytestmark = pytest.mark.about("auth")

NewPerson = Callable[..., Person]
GROUP_SECONDS = 15

cognito_alone = pytest.mark.http_only


@cognito_alone
@pytest.mark.parametrize(
    "password",
    [
        pytest.param("Abc1!xy", id="seven characters"),
        pytest.param("abcdef1!", id="no upper case"),
        pytest.param("ABCDEF1!", id="no lower case"),
        pytest.param("Abcdefg!", id="no digit"),
        pytest.param("Abcdefg1", id="no symbol"),
    ],
)
def test_a_weak_password_is_refused(stage: Stage, new_person: NewPerson, password: str) -> None:
    with pytest.raises(stage.cognito.exceptions.InvalidPasswordException):
        when.somebody_signs_up(stage, new_person(), password=password)


@cognito_alone
@pytest.mark.aws_only
@pytest.mark.parametrize("attribute", ["given_name", "family_name", "email"])
def test_nobody_signs_up_without_a_required_attribute(
    stage: Stage, new_person: NewPerson, attribute: str
) -> None:
    with pytest.raises(stage.cognito.exceptions.InvalidParameterException):
        when.somebody_signs_up(stage, new_person(), attribute)


def test_who_confirms_a_sign_up_becomes_a_customer(
    stage: Stage, driver: Driver, new_person: NewPerson
) -> None:
    person = new_person()
    when.somebody_signs_up(stage, person)

    driver.confirm_sign_up(person.username)

    until(
        lambda: _groups(stage, person),
        lambda groups: groups == [given.CUSTOMERS],
        within_seconds=GROUP_SECONDS,
        what=f"{person.username} in the group {given.CUSTOMERS} alone",
    )


@cognito_alone
def test_nobody_signs_in_before_the_sign_up_is_confirmed(stage: Stage, new_person: NewPerson) -> None:
    person = new_person()
    when.somebody_signs_up(stage, person)

    with pytest.raises(stage.cognito.exceptions.UserNotConfirmedException):
        given.sign_in(stage, person.username, person.password)


@cognito_alone
def test_the_email_address_signs_in(stage: Stage, customer: User) -> None:
    assert given.sign_in(stage, customer.person.email, customer.person.password)["IdToken"]


@cognito_alone
@pytest.mark.aws_only
def test_the_case_of_a_user_name_does_not_matter(stage: Stage, customer: User) -> None:
    assert given.sign_in(stage, customer.person.username.upper(), customer.person.password)["IdToken"]


@cognito_alone
@pytest.mark.aws_only
def test_a_user_name_is_taken_in_every_case(stage: Stage, customer: User, new_person: NewPerson) -> None:
    person = new_person(username=customer.person.username.upper())

    with pytest.raises(stage.cognito.exceptions.UsernameExistsException):
        when.somebody_signs_up(stage, person)


@cognito_alone
def test_a_sign_in_does_not_tell_whether_there_is_such_a_user(stage: Stage, customer: User) -> None:
    refused = stage.cognito.exceptions.NotAuthorizedException
    with pytest.raises(refused) as wrong_password:
        given.sign_in(stage, customer.person.username, "Wrong-1-password")
    with pytest.raises(refused) as nobody:
        given.sign_in(stage, Person().username, "Wrong-1-password")

    assert nobody.value.response["Error"] == wrong_password.value.response["Error"]


@cognito_alone
@pytest.mark.parametrize("attribute", ["given_name", "family_name", "email"])
def test_the_pool_requires_the_attribute(stage: Stage, attribute: str) -> None:
    required = {one["Name"] for one in _pool(stage)["SchemaAttributes"] if one["Required"]}

    assert attribute in required


@cognito_alone
def test_the_pool_takes_user_names_in_any_case(stage: Stage) -> None:
    assert _pool(stage)["UsernameConfiguration"]["CaseSensitive"] is False


@cognito_alone
def test_the_pool_runs_a_function_after_each_confirmed_sign_up(stage: Stage) -> None:
    arn = _pool(stage)["LambdaConfig"]["PostConfirmation"]

    assert f":function:{stage.name_on_stage('auth', 'join-customers')}" in arn


def _pool(stage: Stage) -> Any:
    pool = stage.published("auth", "userPoolId")
    return stage.cognito.describe_user_pool(UserPoolId=pool)["UserPool"]


def _groups(stage: Stage, person: Person) -> list[str]:
    pool = stage.published("auth", "userPoolId")
    answer = stage.cognito.admin_list_groups_for_user(UserPoolId=pool, Username=person.username)
    return [group["GroupName"] for group in answer["Groups"]]
