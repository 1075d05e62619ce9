"""Signing in when something is in the way: what the page says, and how to continue."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Request, Route, expect

from browser.conftest import OpenPage
from browser.landing_page import LandingPage
from steps import authenticator, given
from steps.given import EMULATORS_CODE, EMULATORS_RESET_CODE, Person, User
from steps.shop.catalogue import A_RESTAURANT
from support.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

REFUSED = "Failed to load resource"
POLICY = "Take 8 characters or more, with a lower-case and an upper-case letter, a number and a symbol."
NO_CONNECTION = "There is no connection. Check your network, then try again."
TOO_MANY = "Too many attempts. Wait a few minutes, then try again."
AFTER_ALL_TOKENS = "00:16:00"


def test_who_signs_in_while_tokens_are_stored_is_signed_in(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        stored = landing_page.page.evaluate("JSON.stringify(localStorage)")
        landing_page.button("Sign out").click()
        expect(landing_page.button("Sign in")).to_be_visible()
        landing_page.page.evaluate(
            "stored => { for (const [name, value] of Object.entries(JSON.parse(stored))) "
            "localStorage.setItem(name, value) }",
            stored,
        )

        landing_page.sign_in_as(customer)


def test_who_signs_out_before_all_is_loaded_signs_in_again(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        # No answer comes.
        landing_page.page.route(re.compile("/favourites$"), lambda _: None)
        landing_page.sign_in_as(customer)
        landing_page.button("Sign out").click()

        landing_page.sign_in_as(customer)


def test_signing_out_in_one_tab_signs_out_the_others(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        other = LandingPage(landing_page.page.context.new_page(), landing_page.url, "other-tab")
        other.page.goto(other.url)
        expect(other.button("Sign out")).to_be_visible()

        landing_page.button("Sign out").click()

        expect(other.button("Sign in")).to_be_visible()
        expect(other.status).to_have_text("You are signed out.")
        expect(other.orders).to_have_count(0)


def test_signing_in_in_one_tab_signs_in_the_others(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        other = LandingPage(landing_page.page.context.new_page(), landing_page.url, "other-tab")
        other.open()

        landing_page.sign_in_as(customer)

        expect(other.button("Sign out")).to_be_visible()


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_an_unconfirmed_customer_who_comes_back_is_asked_for_the_code(
    open_page: OpenPage, stage: Stage
) -> None:
    person = Person()
    with (
        given.removed_by_email_afterwards(stage, person),
        open_page(expected_error=REFUSED) as landing_page,
    ):
        landing_page.register(person)
        landing_page.button("Later").click()
        landing_page.open()

        landing_page.sign_in(person)
        landing_page.field("Confirmation code").fill("000000")
        landing_page.button("Confirm").click()
        expect(landing_page.field("Confirmation code")).to_have_accessible_description(
            "That is not the code that we sent."
        )
        landing_page.button("Send the code again").click()
        expect(landing_page.front.get_by_text("We have sent you a new code.")).to_be_in_viewport()
        landing_page.screenshot("sent-again")
        landing_page.field("Confirmation code").fill(EMULATORS_CODE)
        landing_page.button("Confirm").click()

        expect(landing_page.button("Sign out")).to_be_visible()


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_who_mistyped_the_address_corrects_it_alone(open_page: OpenPage, stage: Stage) -> None:
    person, mistyped = Person(), Person()
    with (
        given.removed_by_email_afterwards(stage, person),
        given.removed_by_email_afterwards(stage, mistyped),
        open_page() as landing_page,
    ):
        landing_page.register(mistyped)

        landing_page.button("Correct it").click()
        expect(landing_page.field("E-mail")).to_be_focused()
        landing_page.page.keyboard.type(person.email)
        landing_page.button("Register").click()
        landing_page.field("Confirmation code").fill(EMULATORS_CODE)
        landing_page.button("Confirm").click()

        expect(landing_page.page.get_by_text(f"Hello, {person.given_name}")).to_be_visible()
        landing_page.button("Sign out").click()
        landing_page.sign_in(person, password=mistyped.password)
        expect(landing_page.button("Sign out")).to_be_visible()


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_who_forgot_the_password_chooses_one_with_the_code(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.button("Sign in").click()
        landing_page.button("Forgot your password?").click()
        expect(landing_page.field("E-mail")).to_have_attribute("aria-invalid", "true")
        landing_page.field("E-mail").fill(customer.person.email)
        landing_page.button("Forgot your password?").click()
        expect(landing_page.front.get_by_role("heading")).to_have_text("Choose a new password")
        landing_page.screenshot("asked")
        landing_page.field("Code from the e-mail").fill("000000")
        landing_page.field("New password").fill("New-1-password")
        landing_page.button("Save").click()
        expect(landing_page.field("Code from the e-mail")).to_have_accessible_description(
            "That is not the code that we sent."
        )
        landing_page.button("Send the code again").click()
        expect(landing_page.front.get_by_text("We have sent you a new code.")).to_be_in_viewport()
        landing_page.field("Code from the e-mail").fill(EMULATORS_RESET_CODE)
        landing_page.button("Save").click()

        expect(landing_page.button("Sign out")).to_be_visible()
        landing_page.button("Sign out").click()
        landing_page.sign_in(customer.person, password="New-1-password")
        expect(landing_page.button("Sign out")).to_be_visible()


@pytest.mark.sends_mail
def test_whether_an_address_has_an_account_is_not_told_to_who_forgot_the_password(
    open_page: OpenPage,
) -> None:
    with open_page() as landing_page:
        landing_page.button("Sign in").click()
        landing_page.field("E-mail").fill(Person().email)
        landing_page.button("Forgot your password?").click()

        expect(landing_page.front.get_by_role("heading")).to_have_text("Choose a new password")


def test_whom_an_operator_made_chooses_a_password(open_page: OpenPage, stage: Stage) -> None:
    with _made_by_an_operator(stage) as person, open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in(person)
        expect(landing_page.front.get_by_role("heading")).to_have_text("Choose your password")
        landing_page.screenshot("asked")
        landing_page.field("New password").fill(f"New-{person.password}")
        landing_page.button("Save").click()

        expect(landing_page.button("Sign out")).to_be_visible()
        landing_page.button("Sign out").click()
        landing_page.sign_in(person, password=f"New-{person.password}")
        expect(landing_page.button("Sign out")).to_be_visible()


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_whose_password_an_operator_reset_chooses_one_with_the_code(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    pool = stage.published("auth", "userPoolId")
    stage.cognito.admin_reset_user_password(UserPoolId=pool, Username=customer.person.username)
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in(customer.person)
        expect(landing_page.front.get_by_role("heading")).to_have_text("Choose a new password")
        landing_page.field("Code from the e-mail").fill("000000")
        landing_page.field("New password").fill("New-1-password")
        landing_page.button("Save").click()
        expect(landing_page.field("Code from the e-mail")).to_have_accessible_description(
            "That is not the code that we sent."
        )
        landing_page.button("Send the code again").click()
        expect(landing_page.front.get_by_text("We have sent you a new code.")).to_be_in_viewport()
        landing_page.field("Code from the e-mail").fill(EMULATORS_RESET_CODE)
        landing_page.button("Save").click()

        expect(landing_page.button("Sign out")).to_be_visible()


def test_a_disabled_customer_reads_that_the_account_is_disabled(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    _disable(stage, customer)
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in(customer.person)

        expect(landing_page.alert).to_have_text(
            "This account is disabled. Only an operator can enable it again."
        )
        expect(landing_page.field("Password")).not_to_have_attribute("aria-invalid", "true")


def test_who_is_disabled_is_signed_out_once_the_token_has_run_out(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.page.clock.install()
        landing_page.open()
        landing_page.sign_in_as(customer)
        _disable(stage, customer)

        landing_page.page.clock.fast_forward(AFTER_ALL_TOKENS)
        landing_page.order_from(A_RESTAURANT)

        expect(landing_page.page.get_by_role("dialog", name="Sign in")).to_be_visible()
        landing_page.button("Cancel").click()
        expect(landing_page.button("Sign in")).to_be_visible()


def test_tokens_are_renewed_unseen(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.page.clock.install()
        landing_page.open()
        landing_page.sign_in_as(customer)

        first = _refresh_token(landing_page)

        landing_page.page.clock.fast_forward(AFTER_ALL_TOKENS)
        with landing_page.page.expect_request(_renews_tokens):
            landing_page.order_from(A_RESTAURANT)

        expect(landing_page.status).to_have_text(f"Your order from {A_RESTAURANT} is placed.")
        assert _refresh_token(landing_page) != first


def test_a_refresh_token_is_worth_nothing_after_signing_out(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        token = _refresh_token(landing_page)
        landing_page.button("Sign out").click()
        expect(landing_page.button("Sign in")).to_be_visible()

    with pytest.raises(stage.cognito.exceptions.NotAuthorizedException):
        stage.cognito.get_tokens_from_refresh_token(
            ClientId=stage.published("auth", "webClientId"), RefreshToken=token
        )


@pytest.mark.emulator_only
def test_who_has_an_authenticator_app_is_asked_for_its_code(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    secret = authenticator.set_up(stage, customer)
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in(customer.person)
        landing_page.field("Code from your app").fill("000000")
        landing_page.button("Sign in").click()
        expect(landing_page.field("Code from your app")).to_have_accessible_description(
            "That is not the code that your app shows now. Each code is good for one use."
        )
        landing_page.screenshot("told")
        landing_page.field("Code from your app").fill(authenticator.one_time_password(secret, steps_ahead=1))
        landing_page.button("Sign in").click()

        expect(landing_page.button("Sign out")).to_be_visible()


def test_signing_in_without_a_connection_blames_the_connection(open_page: OpenPage, customer: User) -> None:
    with open_page(expected_error="net::ERR_INTERNET_DISCONNECTED") as landing_page:
        landing_page.page.context.set_offline(True)
        landing_page.sign_in(customer.person)

        expect(landing_page.alert).to_have_text(NO_CONNECTION)
        expect(landing_page.field("Password")).not_to_have_attribute("aria-invalid", "true")
        landing_page.screenshot("told")

        landing_page.page.context.set_offline(False)
        landing_page.button("Sign in").click()
        expect(landing_page.button("Sign out")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "message", "text"),
    [
        ("NotAuthorizedException", "Password attempts exceeded", TOO_MANY),
        ("TooManyRequestsException", "Too many requests", TOO_MANY),
        ("LimitExceededException", "Attempt limit exceeded, please try after some time.", TOO_MANY),
        (
            "NotAuthorizedException",
            "Temporary password has expired and must be reset by an administrator.",
            "Your temporary password has expired. Ask an operator for a new one.",
        ),
        (
            "SomethingUnheardOfException",
            "?",
            "That did not work, and not because of you. Try again in a minute.",
        ),
    ],
)
def test_a_sign_in_that_cognito_refuses_is_explained(
    open_page: OpenPage, name: str, message: str, text: str
) -> None:
    with open_page(expected_error=REFUSED) as landing_page:
        _cognito_answers(landing_page, name, message)
        landing_page.sign_in(Person())

        expect(landing_page.alert).to_have_text(text)
        expect(landing_page.field("Password")).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("name", "message", "field", "text"),
    [
        (
            "UsernameExistsException",
            "User already exists",
            "E-mail",
            "This e-mail address has an account already. Sign in instead.",
        ),
        ("InvalidPasswordException", "Password did not conform with policy", "Password", POLICY),
        (
            "InvalidParameterException",
            "1 validation error detected: Value at 'password' failed to satisfy constraint",
            "Password",
            POLICY,
        ),
        (
            "InvalidParameterException",
            "Invalid email address format.",
            "E-mail",
            "This is not an e-mail address that mail can be sent to.",
        ),
        (
            "CodeDeliveryFailureException",
            "Address rejected",
            "E-mail",
            "No mail can be sent to this address. Check it.",
        ),
    ],
)
def test_a_registration_that_cognito_refuses_is_explained_at_its_field(
    open_page: OpenPage, name: str, message: str, field: str, text: str
) -> None:
    with open_page(expected_error=REFUSED) as landing_page:
        _cognito_answers(landing_page, name, message)
        landing_page.fill_in_registration(Person())
        landing_page.button("Register").click()

        expect(landing_page.field(field)).to_have_attribute("aria-invalid", "true")
        expect(landing_page.field(field)).to_have_accessible_description(_ending_in(text))


@pytest.mark.sends_mail
@pytest.mark.parametrize(
    ("name", "message", "text"),
    [
        ("ExpiredCodeException", "Invalid code provided", "This code is too old. Send a new one."),
        ("CodeMismatchException", "Invalid verification code", "That is not the code that we sent."),
    ],
)
def test_a_code_that_cognito_refuses_is_explained(
    open_page: OpenPage, stage: Stage, name: str, message: str, text: str
) -> None:
    person = Person()
    with (
        given.removed_by_email_afterwards(stage, person),
        open_page(expected_error=REFUSED) as landing_page,
    ):
        landing_page.register(person)
        _cognito_answers(landing_page, name, message)
        landing_page.field("Confirmation code").fill("123123")
        landing_page.button("Confirm").click()

        expect(landing_page.field("Confirmation code")).to_have_accessible_description(text)


def _refresh_token(landing_page: LandingPage) -> str:
    """Return what the browser keeps."""
    token: str = landing_page.page.evaluate(
        "Object.entries(localStorage).find(([name]) => name.endsWith('.refreshToken'))[1]"
    )
    return token


def _disable(stage: Stage, user: User) -> None:
    stage.cognito.admin_disable_user(
        UserPoolId=stage.published("auth", "userPoolId"), Username=user.person.username
    )


@contextmanager
def _made_by_an_operator(stage: Stage) -> Iterator[Person]:
    """Make a user with a temporary password, as an operator does, and remove them again."""
    person = Person()
    with given.removed_afterwards(stage, person):
        stage.cognito.admin_create_user(
            UserPoolId=stage.published("auth", "userPoolId"),
            Username=person.username,
            TemporaryPassword=person.password,
            MessageAction="SUPPRESS",
            UserAttributes=[*person.attributes, {"Name": "email_verified", "Value": "true"}],
        )
        yield person


def _cognito_answers(landing_page: LandingPage, name: str, message: str) -> None:
    """Let Cognito refuse everything from now on, as it does when this cannot be brought about."""

    def answer(route: Route) -> None:
        if "x-amz-target" not in route.request.headers:
            route.fallback()
            return
        route.fulfill(
            status=400,
            headers={"access-control-allow-origin": "*", "x-amzn-errortype": name},
            content_type="application/x-amz-json-1.1",
            body=json.dumps({"__type": name, "message": message}),
        )

    landing_page.page.route("**/*", answer)


def _renews_tokens(request: Request) -> bool:
    return request.headers.get("x-amz-target", "").endswith(".GetTokensFromRefreshToken")


def _ending_in(text: str) -> re.Pattern[str]:
    """A field's description may begin with its rule."""
    return re.compile(re.escape(text) + "$")
