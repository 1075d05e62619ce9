"""GET /legal/{page} and the acceptances of customers."""

import json
import re
from typing import Any

import pytest

from drivers.exchange import Driver
from steps.given import User
from steps.shop import when

pytestmark = pytest.mark.about("web")


@pytest.mark.parametrize("name", ["terms", "privacy", "imprint"])
def test_a_visitor_reads_the_current_version_and_each_one_at_its_own_address(
    driver: Driver, name: str
) -> None:
    current = when.a_visitor_reads(driver, name)
    assert (current.status, current.headers["content-type"]) == (200, "text/html; charset=utf-8")
    [number] = re.findall(r"Version (\d+) of ", current.content.decode())
    for version in range(1, int(number) + 1):
        page = when.a_visitor_reads(driver, name, str(version))
        assert (page.status, f"Version {version} of " in page.content.decode()) == (200, True)
    assert when.a_visitor_reads(driver, name, str(int(number) + 1)).status == 404


def test_a_customer_is_asked_for_what_they_have_not_accepted_and_not_again(
    driver: Driver, customer: User, another_customer: User
) -> None:
    asked = _documents(driver, customer)
    assert {one["document"] for one in asked if one["mustAccept"]} == {"terms", "privacy"}

    for one in asked:
        accepted = [
            when.a_user_accepts(driver, customer.id_token, one["document"], one["version"]) for _ in range(2)
        ]
        assert [answer.status for answer in accepted] == [204, 204]

    after = _documents(driver, customer)
    assert [one["mustAccept"] for one in after] == [False, False]
    assert [[version["version"] for version in one["accepted"]] for one in after] == [
        [one["version"]] for one in asked
    ]
    assert all(one["mustAccept"] for one in _documents(driver, another_customer))
    assert when.a_user_accepts(driver, customer.id_token, "terms", 999).status == 404


def _documents(driver: Driver, user: User) -> list[dict[str, Any]]:
    answer = when.a_user_lists_acceptances(driver, user.id_token)
    assert answer.status == 200
    documents: list[dict[str, Any]] = json.loads(answer.content)["documents"]
    return documents
