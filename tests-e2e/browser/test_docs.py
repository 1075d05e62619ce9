"""The page that describes the APIs."""

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Watch
from steps.given import User
from support.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.about("web")]


def _try(page: Page, operation_id: str) -> None:
    operation = page.locator(f"#operations-default-{operation_id}")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()


def test_a_developer_reads_an_api_and_tries_it_with_a_pasted_token(
    browser: Browser, stage: Stage, customer: User
) -> None:
    page = browser.new_page()
    watch = Watch(page, None)
    page.goto(f"{stage.door('web')}/docs?service=orders")
    expect(page.get_by_role("navigation", name="Services").get_by_role("link")).to_have_text(
        ["notifications", "orders", "restaurants", "web"]
    )

    page.get_by_role("button", name="Authorize").first.click()
    page.get_by_label("Value").fill(customer.id_token)
    page.locator(".modal-ux").get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").first.click()
    _try(page, "list-orders")

    answer = page.locator("#operations-default-list-orders .live-responses-table .response").first
    expect(answer).to_contain_text("200")
    expect(answer).to_contain_text('"orders": []')
    assert watch.errors == []
    page.close()
