"""Accepting legal documents: at registration, and again when a version requires it."""

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from steps import given
from steps.given import EMULATORS_CODE, Person, User
from support.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_who_registers_ticks_a_box_and_is_not_asked_again(open_page: OpenPage, stage: Stage) -> None:
    person = Person()
    with given.removed_by_email_afterwards(stage, person), open_page() as landing_page:
        landing_page.fill_in_registration(person)
        box = landing_page.front.get_by_role("checkbox")
        box.uncheck()
        landing_page.button("Register").click()
        expect(box).to_be_focused()
        expect(landing_page.page.locator("#register-accept-error")).to_be_visible()

        box.check()
        landing_page.button("Register").click()
        landing_page.field("Confirmation code").fill(EMULATORS_CODE)
        with landing_page.page.expect_response(
            lambda answer: answer.url.endswith("/acceptances") and answer.request.method == "GET"
        ) as asked:
            landing_page.button("Confirm").click()

        assert [one["mustAccept"] for one in asked.value.json()["documents"]] == [False, False]
        expect(landing_page.page.get_by_role("region", name="Please read and accept")).to_be_hidden()


def test_who_has_not_accepted_is_asked_until_they_do(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        question = landing_page.page.get_by_role("region", name="Please read and accept")
        expect(question.get_by_role("link")).to_have_count(2)
        landing_page.screenshot("asked")

        question.get_by_role("button", name="I accept").click()
        expect(question).to_be_hidden()
        with landing_page.page.expect_response(lambda answer: answer.url.endswith("/acceptances")):
            landing_page.page.reload()
        expect(landing_page.button("Sign out")).to_be_visible()
        expect(question).to_be_hidden()
