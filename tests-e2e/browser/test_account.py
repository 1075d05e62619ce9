"""The signed-in customer's own account: profile, password, and signing out everywhere."""

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.landing_page import LandingPage
from steps import given
from steps.given import EMULATORS_CODE, Person, User
from steps.shop.catalogue import A_RESTAURANT
from support.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

REFUSED = "Failed to load resource"
NO_CONNECTION = "There is no connection. Check your network, then try again."
AFTER_ALL_TOKENS = "00:16:00"


def test_a_new_name_is_saved_and_greeted_with(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.open_profile()
        expect(landing_page.field("Family name")).to_have_value(customer.person.family_name)
        landing_page.field("Given name").fill("  Zoë  ")
        landing_page.screenshot("asked")
        landing_page.button("Save").click()

        expect(landing_page.status).to_have_text("Your profile is saved.")
        expect(landing_page.page.get_by_text("Hello, Zoë", exact=True)).to_be_visible()
        landing_page.open_profile()
        expect(landing_page.field("Given name")).to_have_value("Zoë")


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_a_new_address_counts_once_its_code_is_typed(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    new = Person()
    with given.removed_by_email_afterwards(stage, new), open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.open_profile()
        landing_page.field("E-mail").fill(new.email)
        landing_page.button("Save").click()
        expect(landing_page.front.get_by_text(f"We have sent a code to {new.email}.")).to_be_visible()
        landing_page.screenshot("asked")
        landing_page.field("Confirmation code").fill("000000")
        landing_page.button("Confirm").click()
        expect(landing_page.field("Confirmation code")).to_have_accessible_description(
            "That is not the code that we sent."
        )
        landing_page.button("Later").click()
        landing_page.open_profile()
        expect(landing_page.field("E-mail")).to_have_value(customer.person.email)
        landing_page.field("E-mail").fill(new.email)
        landing_page.button("Save").click()
        landing_page.button("Send the code again").click()
        expect(landing_page.front.get_by_text("We have sent you a new code.")).to_be_visible()
        landing_page.field("Confirmation code").fill(EMULATORS_CODE)
        landing_page.button("Confirm").click()

        expect(landing_page.status).to_have_text("Your profile is saved.")
        landing_page.button("Sign out").click()
        landing_page.sign_in(new, password=customer.person.password)
        expect(landing_page.button("Sign out")).to_be_visible()


def test_a_blank_name_is_not_saved(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.open_profile()
        landing_page.field("Given name").fill("   ")
        landing_page.button("Save").click()

        expect(landing_page.field("Given name")).to_have_attribute("aria-invalid", "true")


def test_a_password_is_changed_by_who_knows_it(open_page: OpenPage, customer: User) -> None:
    with open_page(expected_error=REFUSED) as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.open_profile()
        landing_page.button("Change your password").click()
        landing_page.field("Password now").fill("Wrong-1-password")
        landing_page.field("New password").fill("New-1-password")
        landing_page.button("Save").click()
        expect(landing_page.field("Password now")).to_have_accessible_description(
            "This is not your password."
        )
        landing_page.screenshot("told")
        landing_page.field("Password now").fill(customer.person.password)
        landing_page.button("Save").click()

        expect(landing_page.status).to_have_text("Your password is changed.")
        landing_page.button("Sign out").click()
        landing_page.sign_in(customer.person, password="New-1-password")
        expect(landing_page.button("Sign out")).to_be_visible()


def test_signing_out_everywhere_ends_the_sessions_of_other_devices(
    open_page: OpenPage, customer: User
) -> None:
    with open_page(expected_error=REFUSED) as landing_page, open_page() as other_device:
        landing_page.page.clock.install()
        landing_page.open()
        landing_page.sign_in_as(customer)
        other_device.sign_in_as(customer)
        # A session ends that began in an earlier second.
        landing_page.page.wait_for_function("began => Date.now() - began > 1000", arg=_now(landing_page))

        other_device.open_profile()
        other_device.button("Sign out everywhere").click()

        expect(other_device.status).to_have_text(
            "You are signed out here. Your other devices follow within 15 minutes."
        )
        landing_page.page.clock.fast_forward(AFTER_ALL_TOKENS)
        landing_page.order_from(A_RESTAURANT)
        expect(landing_page.page.get_by_role("dialog", name="Sign in")).to_be_visible()


def test_who_cannot_sign_out_everywhere_stays_signed_in_and_reads_why(
    open_page: OpenPage, customer: User
) -> None:
    with open_page(expected_error="net::ERR_INTERNET_DISCONNECTED") as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.open_profile()
        expect(landing_page.field("Given name")).to_have_value(customer.person.given_name)
        landing_page.page.context.set_offline(True)

        landing_page.button("Sign out everywhere").click()

        expect(landing_page.status).to_have_text(NO_CONNECTION)
        expect(landing_page.button("Sign out")).to_be_visible()


def _now(landing_page: LandingPage) -> float:
    now: float = landing_page.page.evaluate("Date.now()")
    return now
