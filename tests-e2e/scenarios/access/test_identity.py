"""What people's tokens are good for, who writes which attribute, and what an operator takes away."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from drivers.proxy_event import decoded
from steps import authenticator, given
from steps.given import User
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.about("auth")]

TOKEN_SECONDS = 15 * 60
IDENTITY = ("sub", "email", "email_verified", "cognito:username", "cognito:groups")
OWN_ATTRIBUTES = {"email", "given_name", "family_name"}
clients = pytest.mark.parametrize("client", ["webClientId", "serverClientId"])


@pytest.mark.parametrize("kind", ["id_token", "access_token"])
def test_a_token_lasts_a_quarter_of_an_hour(any_customer: User, kind: str) -> None:
    claims = decoded(getattr(any_customer, kind))

    assert claims["exp"] - claims["iat"] == TOKEN_SECONDS


@clients
def test_a_client_issues_tokens_that_last_a_quarter_of_an_hour(stage: Stage, client: str) -> None:
    about = _client(stage, client)

    assert about["TokenValidityUnits"]["IdToken"] == about["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert about["IdTokenValidity"] * 60 == about["AccessTokenValidity"] * 60 == TOKEN_SECONDS


@clients
def test_a_client_revokes_tokens_and_does_not_tell_who_has_an_account(stage: Stage, client: str) -> None:
    about = _client(stage, client)

    assert about["EnableTokenRevocation"] is True
    assert about["PreventUserExistenceErrors"] == "ENABLED"


def test_a_refresh_token_of_the_page_is_good_for_one_use(stage: Stage) -> None:
    assert _client(stage, "webClientId")["RefreshTokenRotation"]["Feature"] == "ENABLED"


@clients
def test_a_client_reads_and_writes_the_profile_alone(stage: Stage, client: str) -> None:
    about = _client(stage, client)

    assert set(about["WriteAttributes"]) == OWN_ATTRIBUTES
    assert set(about["ReadAttributes"]) == OWN_ATTRIBUTES | {"email_verified"}


@pytest.mark.parametrize(
    ("client", "flow"),
    [("webClientId", "ALLOW_USER_SRP_AUTH"), ("serverClientId", "ALLOW_ADMIN_USER_PASSWORD_AUTH")],
)
def test_a_client_signs_in_in_one_way_alone(stage: Stage, client: str, flow: str) -> None:
    assert _client(stage, client)["ExplicitAuthFlows"] == [flow]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sub", str(uuid.UUID(int=1))),
        ("cognito:groups", "admins"),
        ("cognito:username", "demo"),
        ("email_verified", "false"),
        ("phone_number_verified", "true"),
        ("phone_number", "+14325551212"),
        ("custom:role", "admins"),
        ("dev:custom:role", "admins"),
        ("identities", "[]"),
    ],
)
def test_a_customer_writes_nothing_but_the_profile(
    stage: Stage, customer: User, name: str, value: str
) -> None:
    with pytest.raises(ClientError) as refused:
        stage.cognito.update_user_attributes(
            AccessToken=customer.access_token, UserAttributes=[{"Name": name, "Value": value}]
        )

    assert refused.value.response["Error"]["Code"] in {"NotAuthorizedException", "InvalidParameterException"}
    assert _identity(stage, customer) == _claims(customer.id_token)


@pytest.mark.sends_mail
def test_a_new_email_address_counts_once_it_is_proven(stage: Stage, customer: User) -> None:
    stage.cognito.update_user_attributes(
        AccessToken=customer.access_token,
        UserAttributes=[{"Name": "email", "Value": given.Person().email}],
    )

    assert _identity(stage, customer) == _claims(customer.id_token)
    assert given.sign_in(stage, customer.person.email, customer.person.password)["IdToken"]


def _disable(stage: Stage, username: str) -> None:
    stage.cognito.admin_disable_user(UserPoolId=stage.published("auth", "userPoolId"), Username=username)


def _delete(stage: Stage, username: str) -> None:
    stage.cognito.admin_delete_user(UserPoolId=stage.published("auth", "userPoolId"), Username=username)


@pytest.mark.parametrize("take_away", [_disable, _delete])
def test_who_is_disabled_or_deleted_gets_no_further_token(
    stage: Stage, customer: User, take_away: Callable[[Stage, str], None]
) -> None:
    take_away(stage, customer.person.username)

    for login in (customer.person.username, customer.person.email):
        with pytest.raises(stage.cognito.exceptions.NotAuthorizedException):
            given.sign_in(stage, login, customer.person.password)


# A code is good for one use, so that on AWS this would have to wait for the next one.
@pytest.mark.emulator_only
def test_who_has_set_up_an_authenticator_app_is_asked_for_its_code(stage: Stage, customer: User) -> None:
    secret = authenticator.set_up(stage, customer)
    pool, client = stage.published("auth", "userPoolId"), stage.published("auth", "serverClientId")
    name = customer.person.username

    asked = stage.cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": customer.person.password},
    )
    answered = stage.cognito.admin_respond_to_auth_challenge(
        UserPoolId=pool,
        ClientId=client,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=asked["Session"],
        ChallengeResponses={
            "USERNAME": name,
            "SOFTWARE_TOKEN_MFA_CODE": authenticator.one_time_password(secret, steps_ahead=1),
        },
    )

    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert answered["AuthenticationResult"]["IdToken"]


def _identity(stage: Stage, user: User) -> dict[str, Any]:
    return _claims(given.sign_in(stage, user.person.username, user.person.password)["IdToken"])


def _claims(id_token: str) -> dict[str, Any]:
    return {name: value for name, value in decoded(id_token).items() if name in IDENTITY}


def _client(stage: Stage, client: str) -> dict[str, Any]:
    found = stage.cognito.describe_user_pool_client(
        UserPoolId=stage.published("auth", "userPoolId"), ClientId=stage.published("auth", client)
    )
    return dict(found["UserPoolClient"])
