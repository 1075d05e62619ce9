"""Who may sign up, and how they sign in afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from steps import given, when
from steps.given import EMULATORS_CODE, Person, User
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.about("auth")]

NewPerson = Callable[..., Person]


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
        when.a_person_signs_up(stage, new_person(), password=password)


@pytest.mark.aws_only
@pytest.mark.parametrize("attribute", ["given_name", "family_name", "email"])
def test_a_sign_up_without_a_required_attribute_is_refused(
    stage: Stage, new_person: NewPerson, attribute: str
) -> None:
    with pytest.raises(stage.cognito.exceptions.InvalidParameterException):
        when.a_person_signs_up(stage, new_person(), attribute)


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_the_code_proves_the_email_address_which_then_signs_in(stage: Stage, new_person: NewPerson) -> None:
    person = new_person()
    when.a_person_signs_up(stage, person)

    stage.cognito.confirm_sign_up(
        ClientId=stage.published("auth", "webClientId"),
        Username=person.username,
        ConfirmationCode=EMULATORS_CODE,
    )

    assert _attributes(stage, person)["email_verified"] == "true"
    assert given.sign_in(stage, person.email, person.password)["IdToken"]


@pytest.mark.sends_mail
def test_an_operators_confirmation_proves_no_email_address(stage: Stage, new_person: NewPerson) -> None:
    person = new_person()
    when.a_person_signs_up(stage, person)

    stage.cognito.admin_confirm_sign_up(
        UserPoolId=stage.published("auth", "userPoolId"), Username=person.username
    )

    assert _attributes(stage, person).get("email_verified", "false") == "false"
    assert given.sign_in(stage, person.username, person.password)["IdToken"]
    with pytest.raises(stage.cognito.exceptions.NotAuthorizedException):
        given.sign_in(stage, person.email, person.password)


@pytest.mark.sends_mail
def test_a_sign_in_before_the_sign_up_is_confirmed_is_refused(stage: Stage, new_person: NewPerson) -> None:
    person = new_person()
    when.a_person_signs_up(stage, person)

    with pytest.raises(stage.cognito.exceptions.UserNotConfirmedException):
        given.sign_in(stage, person.username, person.password)


def test_the_email_address_signs_in(stage: Stage, customer: User) -> None:
    assert given.sign_in(stage, customer.person.email, customer.person.password)["IdToken"]


@pytest.mark.aws_only
def test_the_case_of_a_user_name_does_not_matter(stage: Stage, customer: User) -> None:
    assert given.sign_in(stage, customer.person.username.upper(), customer.person.password)["IdToken"]


@pytest.mark.aws_only
def test_a_user_name_is_taken_in_every_case(stage: Stage, customer: User, new_person: NewPerson) -> None:
    person = new_person(username=customer.person.username.upper())

    with pytest.raises(stage.cognito.exceptions.UsernameExistsException):
        when.a_person_signs_up(stage, person)


def test_a_sign_in_does_not_tell_whether_there_is_such_a_user(stage: Stage, customer: User) -> None:
    refused = stage.cognito.exceptions.NotAuthorizedException
    with pytest.raises(refused) as wrong_password:
        given.sign_in(stage, customer.person.username, "Wrong-1-password")
    with pytest.raises(refused) as unknown_user:
        given.sign_in(stage, Person().username, "Wrong-1-password")

    assert unknown_user.value.response["Error"] == wrong_password.value.response["Error"]


@pytest.mark.parametrize("attribute", ["given_name", "family_name", "email"])
def test_the_pool_requires_the_attribute(stage: Stage, attribute: str) -> None:
    required = {one["Name"] for one in _pool(stage)["SchemaAttributes"] if one["Required"]}

    assert attribute in required


def test_the_pool_takes_user_names_in_any_case(stage: Stage) -> None:
    assert _pool(stage)["UsernameConfiguration"]["CaseSensitive"] is False


def test_the_pool_recovers_accounts_by_verified_email_alone(stage: Stage) -> None:
    ways = _pool(stage)["AccountRecoverySetting"]["RecoveryMechanisms"]

    assert [way["Name"] for way in ways] == ["verified_email"]


def _pool(stage: Stage) -> Any:
    pool = stage.published("auth", "userPoolId")
    return stage.cognito.describe_user_pool(UserPoolId=pool)["UserPool"]


def _attributes(stage: Stage, person: Person) -> dict[str, str]:
    pool = stage.published("auth", "userPoolId")
    user = stage.cognito.admin_get_user(UserPoolId=pool, Username=person.username)
    return {attribute["Name"]: attribute["Value"] for attribute in user["UserAttributes"]}
