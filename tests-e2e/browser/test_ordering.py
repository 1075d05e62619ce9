"""From a first visit to an order that the restaurant knows of."""

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.landing_page import LandingPage
from steps import given
from steps.given import EMULATORS_CODE, Person, User
from steps.shop.catalogue import A_RESTAURANT, SEEDED_RESTAURANTS
from support.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

NOTIFIED = "The restaurant has your order"


@pytest.mark.sends_mail
def test_a_person_registers_signs_in_orders_and_sees_the_restaurant_notified(
    open_page: OpenPage, stage: Stage
) -> None:
    person = Person()
    with given.removed_by_email_afterwards(stage, person), open_page() as landing_page:
        expect(landing_page.restaurants).to_have_count(len(SEEDED_RESTAURANTS))
        landing_page.screenshot("1-welcome")

        landing_page.register(person)
        _confirm(landing_page, stage, person)
        expect(landing_page.button("Sign out")).to_be_visible()
        landing_page.button("Sign out").click()
        landing_page.sign_in(person)
        expect(landing_page.button("Sign out")).to_be_visible()
        landing_page.screenshot("2-signed-in")

        landing_page.search(theme="cartoon")
        expect(landing_page.restaurants).to_have_count(4)
        landing_page.screenshot("3-found")

        landing_page.order_from("Lil' Bits")
        expect(landing_page.status).to_contain_text("Lil' Bits")
        expect(landing_page.orders).to_have_count(1)
        expect(landing_page.orders).to_contain_text(["Lil' Bits"])
        landing_page.screenshot("4-ordered")
        expect(landing_page.orders).to_contain_text([NOTIFIED])
        landing_page.screenshot("5-notified")

        landing_page.button("Sign out").click()
        expect(landing_page.button("Sign in")).to_be_visible()
        expect(landing_page.orders).to_have_count(0)
        landing_page.screenshot("6-signed-out")


@pytest.mark.around_edge
def test_a_customer_orders_on_the_page_that_another_origin_shows(
    open_page: OpenPage, stage: Stage, customer: User
) -> None:
    # On AWS the URL of restaurants has another origin than the files and the other APIs; so has this name.
    with open_page(at=stage.service_url("restaurants").replace("127.0.0.1", "localhost")) as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.order_from(A_RESTAURANT)
        expect(landing_page.orders).to_contain_text([A_RESTAURANT])

        landing_page.button(f"Favourite: {A_RESTAURANT}").click()
        image = landing_page.page.locator("#favourites img")
        expect(image).not_to_have_js_property("naturalWidth", 0)


def test_who_orders_before_signing_in_is_asked_to_and_then_gets_the_order(
    open_page: OpenPage, customer: User
) -> None:
    with open_page() as landing_page:
        landing_page.order_from(A_RESTAURANT)
        landing_page.fill_in_sign_in(customer.person)

        expect(landing_page.orders).to_contain_text([A_RESTAURANT])


def test_who_is_signed_in_stays_so_when_the_page_is_loaded_again(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in(customer.person)
        expect(landing_page.button("Sign out")).to_be_visible()

        landing_page.page.reload()

        expect(landing_page.button("Sign out")).to_be_visible()


def test_who_has_signed_out_stays_so_when_the_page_is_loaded_again(
    open_page: OpenPage, customer: User
) -> None:
    with open_page() as landing_page:
        landing_page.sign_in(customer.person)
        landing_page.button("Sign out").click()
        expect(landing_page.button("Sign in")).to_be_visible()

        landing_page.page.reload()

        expect(landing_page.button("Sign in")).to_be_visible()


def test_a_wrong_password_is_reported_at_the_password(open_page: OpenPage, customer: User) -> None:
    with open_page(expected_error="status of 400") as landing_page:
        landing_page.sign_in(customer.person, password="Wrong-1-password")

        expect(landing_page.field("Password")).to_have_attribute("aria-invalid", "true")
        expect(landing_page.field("Password")).to_have_accessible_description(
            "The e-mail address or the password is not right."
        )
        landing_page.screenshot("told")


def test_a_weak_password_is_refused_with_the_rule(open_page: OpenPage, stage: Stage) -> None:
    person = Person(password="Abcdefgh")
    with (
        given.removed_by_email_afterwards(stage, person),
        open_page(expected_error="status of 400") as landing_page,
    ):
        landing_page.fill_in_registration(person)
        landing_page.button("Register").click()

        expect(landing_page.field("Password")).to_have_attribute("aria-invalid", "true")


def _confirm(landing_page: LandingPage, stage: Stage, person: Person) -> None:
    """Confirm the registration with the emulator's code; on AWS, where no e-mails are read, as admin."""
    if stage.is_emulator:
        # Whoever registers there reads the code on the page, as no mail is sent.
        expect(landing_page.front.get_by_text(f"the code is {EMULATORS_CODE}.")).to_be_visible()
        landing_page.field("Confirmation code").fill(EMULATORS_CODE)
        landing_page.button("Confirm").click()
        return
    given.confirmed_by_an_admin(stage, person)
    landing_page.button("Later").click()
    landing_page.sign_in(person)
