"""The page works with a keyboard, on a phone and for a screen reader."""

import pytest
from playwright.sync_api import FloatRect, Locator, ViewportSize, expect

from browser.conftest import DESKTOP, OpenPage
from steps import given
from steps.given import Person, User
from steps.shop.catalogue import A_RESTAURANT, SEEDED_RESTAURANTS
from support.polling import until
from support.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]

PHONE = ViewportSize(width=320, height=568)
# Pixels between a button and what it did.
NEAR = 24
SETTLED_SECONDS = 5


def test_an_order_needs_no_more_than_a_keyboard(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        keyboard = landing_page.page.keyboard
        landing_page.tab_to(landing_page.button("Sign in"))
        keyboard.press("Enter")
        landing_page.tab_to(landing_page.field("E-mail"))
        keyboard.type(customer.person.email)
        landing_page.tab_to(landing_page.field("Password"))
        keyboard.type(customer.person.password)
        keyboard.press("Enter")
        expect(landing_page.button("Sign out")).to_be_visible()

        landing_page.tab_to(landing_page.button(f"Order from {A_RESTAURANT}"))
        landing_page.screenshot("focused")
        keyboard.press("Enter")

        expect(landing_page.orders).to_contain_text([A_RESTAURANT])


def test_escape_closes_a_dialog_and_the_focus_is_where_it_was(open_page: OpenPage) -> None:
    with open_page() as landing_page:
        landing_page.button("Sign in").click()
        expect(landing_page.field("Password")).to_be_visible()

        landing_page.page.keyboard.press("Escape")

        expect(landing_page.button("Sign in")).to_be_focused()


def test_the_page_fits_a_phone(open_page: OpenPage, customer: User) -> None:
    with open_page(viewport=PHONE, has_touch=True, is_mobile=True) as landing_page:
        landing_page.assert_fits("1-welcome")
        landing_page.button("Register").click()
        landing_page.assert_fits("2-registering")
        landing_page.button("Cancel").click()
        landing_page.sign_in(customer.person)
        expect(landing_page.button("Sign out")).to_be_visible()
        landing_page.order_from(A_RESTAURANT)
        expect(landing_page.orders).to_have_count(1)
        landing_page.assert_fits("3-ordered")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("place", [0, -1], ids=["first", "last"])
def test_what_a_button_did_is_told_next_to_it(
    open_page: OpenPage, customer: User, viewport: ViewportSize, place: int
) -> None:
    with open_page(viewport=viewport) as landing_page:
        landing_page.sign_in_as(customer)
        # What is asked of who has just signed in moves the page too.
        expect(landing_page.page.get_by_role("heading", name="Please read and accept")).to_be_visible()
        button = landing_page.restaurants.nth(place)
        button.click()

        expect(landing_page.status).to_contain_text("is placed")
        expect(landing_page.status).to_be_in_viewport(ratio=1)
        expect(button).to_be_in_viewport(ratio=1)
        # The row of the new order moves the list once more, and a picture of the whole page does too.
        until(
            lambda: _gap(button, landing_page.status),
            lambda gap: 0 <= gap <= NEAR,
            within_seconds=SETTLED_SECONDS,
            what="the text next to the button",
        )
        landing_page.screenshot("told")


def test_what_was_told_is_dismissed_by_escape(open_page: OpenPage, customer: User) -> None:
    with open_page() as landing_page:
        landing_page.sign_in_as(customer)
        landing_page.order_from(A_RESTAURANT)
        expect(landing_page.status).to_contain_text("is placed")

        landing_page.page.keyboard.press("Escape")

        expect(landing_page.status).to_be_empty()


def test_without_javascript_the_restaurants_can_be_read_and_no_button_is_dead(open_page: OpenPage) -> None:
    with open_page(java_script_enabled=False) as landing_page:
        for name in SEEDED_RESTAURANTS:
            expect(landing_page.page.get_by_role("heading", name=name)).to_be_visible()
        assert landing_page.page.get_by_role("button").all_text_contents() == ["Search"]
        landing_page.search(text="BITS")
        expect(landing_page.page.get_by_role("heading", level=3)).to_have_text(["Lil' Bits"])
        landing_page.screenshot("found")


def test_without_javascript_a_restaurant_finds_its_own_page(open_page: OpenPage) -> None:
    with open_page(java_script_enabled=False) as landing_page:
        landing_page.page.get_by_role("link", name="For restaurants").click()

        expect(landing_page.page.get_by_role("heading", level=1)).to_have_text("Orders, as they come in")


def test_no_button_is_dead_while_the_script_is_not_there(open_page: OpenPage) -> None:
    with open_page(expected_error="net::ERR_FAILED") as landing_page:
        landing_page.page.route("**/app.*js", lambda route: route.abort())
        landing_page.open(runs_scripts=False)

        expect(landing_page.page.get_by_role("heading", name=A_RESTAURANT)).to_be_visible()
        assert landing_page.page.get_by_role("button").all_text_contents() == ["Search"]


@pytest.mark.sends_mail
@pytest.mark.emulator_only
def test_the_question_for_a_code_is_accessible_and_fits_a_phone(open_page: OpenPage, stage: Stage) -> None:
    person = Person()
    with (
        given.removed_by_email_afterwards(stage, person),
        open_page(
            expected_error="status of 400", bypass_csp=True, viewport=PHONE, reduced_motion="reduce"
        ) as landing_page,
    ):
        landing_page.register(person)
        landing_page.assert_fits("1-asked")
        landing_page.assert_accessible("1-asked")
        again = landing_page.button("Send the code again")
        landing_page.tab_to(again)
        again.press("Enter")
        expect(landing_page.front.get_by_text("We have sent you a new code.")).to_be_in_viewport()
        landing_page.field("Confirmation code").fill("000000")
        landing_page.button("Confirm").click()
        expect(landing_page.field("Confirmation code")).to_have_attribute("aria-invalid", "true")
        landing_page.assert_fits("2-told")
        landing_page.assert_accessible("2-told")


def test_what_is_wrong_with_no_field_is_accessible(open_page: OpenPage, stage: Stage, customer: User) -> None:
    stage.cognito.admin_disable_user(
        UserPoolId=stage.published("auth", "userPoolId"), Username=customer.person.username
    )
    with open_page(
        expected_error="status of 400", bypass_csp=True, viewport=PHONE, reduced_motion="reduce"
    ) as landing_page:
        landing_page.sign_in(customer.person)
        expect(landing_page.alert).to_be_in_viewport()
        landing_page.assert_fits("told")
        landing_page.assert_accessible("told")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_a_checker_finds_nothing_that_is_not_accessible(
    open_page: OpenPage, customer: User, color_scheme: str
) -> None:
    # Only so that the checker can be put into the page.
    with open_page(bypass_csp=True, color_scheme=color_scheme, reduced_motion="reduce") as landing_page:
        landing_page.assert_accessible("1-welcome")
        landing_page.button("Register").click()
        landing_page.assert_accessible("2-registering")
        landing_page.button("Register").click()
        landing_page.assert_accessible("3-told-what-is-missing")
        landing_page.button("Cancel").click()
        landing_page.sign_in(customer.person)
        expect(landing_page.button("Sign out")).to_be_visible()
        landing_page.order_from(A_RESTAURANT)
        expect(landing_page.orders).to_have_count(1)
        landing_page.search(theme="cartoon")
        expect(landing_page.restaurants).to_have_count(4)
        landing_page.assert_accessible("4-ordered")


def _gap(one: Locator, other: Locator) -> float:
    """Return the vertical distance of two elements; negative when they overlap."""
    upper, lower = sorted((_box(one), _box(other)), key=lambda box: box["y"])
    return lower["y"] - (upper["y"] + upper["height"])


def _box(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box
