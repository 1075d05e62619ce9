"""Joining the customers after signing up."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from auth.domain.join_customers import join_customers
from auth.handlers.join_customers import handle
from service_kit.validation import InvalidData

SIGNED_UP = "PostConfirmation_ConfirmSignUp"
PASSWORD_RESET = "PostConfirmation_ConfirmForgotPassword"
CONTEXT = SimpleNamespace(aws_request_id="lambda-request", function_name="auth-test-join-customers")


class FakeUsers:
    def __init__(self) -> None:
        self.members: set[tuple[str, str]] = set()
        self.verified: set[str] = set()

    def join(self, username: str, group: str) -> None:
        self.members.add((username, group))

    def mark_email_verified(self, username: str) -> None:
        self.verified.add(username)


def test_a_confirmed_sign_up_joins_the_customers() -> None:
    users = FakeUsers()
    join_customers(users, username="ada", trigger=SIGNED_UP, email_verified=True)
    assert users.members == {("ada", "customers")}
    assert users.verified == set()


def test_a_sign_up_that_an_operator_confirmed_can_sign_in_by_email() -> None:
    users = FakeUsers()
    join_customers(users, username="ada", trigger=SIGNED_UP, email_verified=False)
    assert users.verified == {"ada"}


def test_a_confirmed_password_reset_changes_nothing() -> None:
    users = FakeUsers()
    join_customers(users, username="ada", trigger=PASSWORD_RESET, email_verified=False)
    assert users.members == set()
    assert users.verified == set()


def confirmation(trigger: str = SIGNED_UP) -> dict[str, Any]:
    """Build the event of Cognito's trigger."""
    return {
        "version": "1",
        "region": "eu-central-1",
        "userPoolId": "eu-central-1_pool",
        "userName": "ada",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "web"},
        "triggerSource": trigger,
        "request": {
            "userAttributes": {
                "sub": "0b8f7a52-3f2c-4d0e-9c39-4d5e1f6a7b8c",
                "email_verified": "true",
                "cognito:user_status": "CONFIRMED",
                "email": "ada@example.com",
            },
            "validationData": None,
        },
        "response": {},
    }


def accept_member(cognito: Stubber) -> None:
    cognito.add_response(
        "admin_add_user_to_group",
        {},
        {"UserPoolId": "eu-central-1_pool", "Username": "ada", "GroupName": "customers"},
    )


def test_the_trigger_adds_the_user_to_the_pool_that_it_came_from(cognito: Stubber) -> None:
    accept_member(cognito)
    handle(confirmation(), CONTEXT)


def test_the_trigger_gives_cognito_its_event_back_whole(cognito: Stubber) -> None:
    accept_member(cognito)
    assert handle(confirmation(), CONTEXT) == confirmation()


def test_the_trigger_verifies_the_address_of_a_user_that_an_operator_confirmed(cognito: Stubber) -> None:
    cognito.add_response(
        "admin_update_user_attributes",
        {},
        {
            "UserPoolId": "eu-central-1_pool",
            "Username": "ada",
            "UserAttributes": [{"Name": "email_verified", "Value": "true"}],
        },
    )
    accept_member(cognito)
    event = confirmation()
    del event["request"]["userAttributes"]["email_verified"]
    assert handle(event, CONTEXT) == event


@pytest.mark.usefixtures("cognito")
def test_the_trigger_of_a_password_reset_asks_cognito_nothing_and_gives_the_event_back() -> None:
    assert handle(confirmation(PASSWORD_RESET), CONTEXT) == confirmation(PASSWORD_RESET)


def test_a_user_who_could_not_join_is_told_so_by_the_failed_trigger(cognito: Stubber) -> None:
    cognito.add_client_error("admin_add_user_to_group", "TooManyRequestsException")
    with pytest.raises(ClientError, match="TooManyRequests"):
        handle(confirmation(), CONTEXT)


def test_an_event_that_is_no_confirmation_fails_without_showing_the_user() -> None:
    event = confirmation()
    del event["userPoolId"]
    with pytest.raises(InvalidData) as raised:
        handle(event, CONTEXT)
    assert str(raised.value) == "userPoolId: Field required"


def test_the_log_does_not_say_who_signed_up(cognito: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    accept_member(cognito)
    handle(confirmation(), CONTEXT)
    assert "ada@example.com" not in capsys.readouterr().out
