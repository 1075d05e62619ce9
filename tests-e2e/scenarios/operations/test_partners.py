"""With the opt-in stack `partners`, a partner searches restaurants with an API key."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import pytest
import requests
from stagectl.checkout import Checkout

from drivers.exchange import Driver
from steps.shop import then, when
from support.stage import REPOSITORY, Stage
from support.stagectl_command import stagectl

pytestmark = [pytest.mark.about("restaurants"), pytest.mark.http_only, pytest.mark.emulator_only]

FOLDER = REPOSITORY / "shared-infra" / "partners"
BURST = 5
# Refilled slowly, so that a busy machine cannot send fewer than the plan lets through.
LIMITS = ("partnerRequestsPerSecond=0.5", f"partnerBurst={BURST}")


@pytest.fixture
def partner(stage: Stage) -> Iterator[Any]:
    """Return the key of a new partner, and the URL to call, while the stage has the stack."""
    limits = [word for one in LIMITS for word in ("--param", one)]
    sls = str(Checkout(REPOSITORY).sls)
    subprocess.run(
        [sls, "deploy", "--stage", stage.name, *limits], cwd=FOLDER, check=True, capture_output=True
    )
    added = stagectl(stage, "partners", "add", "e2e", "--json")
    try:
        assert added.returncode == 0, added.stderr
        yield json.loads(added.stdout)
    finally:
        for key in stage.apigateway.get_api_keys(nameQuery=f"partners-{stage.name}-e2e")["items"]:
            stage.apigateway.delete_api_key(apiKey=key["id"])
        stack = f"partners-{stage.name}"
        stage.cloudformation.delete_stack(StackName=stack)
        stage.cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 1}
        )


@pytest.mark.timeout(120)
def test_a_partner_searches_within_the_limits_of_a_key_until_it_is_revoked(
    driver: Driver, stage: Stage, partner: Any
) -> None:
    def search(key: str | None) -> requests.Response:
        return requests.get(
            f"{partner['url']}/restaurants/search",
            params={"text": "pizza pl"},
            headers={"x-api-key": key} if key else {},
            timeout=30,
        )

    public = then.it_finds_restaurants(when.a_visitor_finds_restaurants(driver, text="pizza pl"))

    assert [search(key).status_code for key in (None, "no-key-of-this-stage")] == [HTTPStatus.FORBIDDEN] * 2
    found = search(partner["key"])
    assert found.status_code == HTTPStatus.OK
    assert found.json() == public.model_dump()
    with ThreadPoolExecutor(2 * BURST) as pool:
        answers = list(pool.map(search, [partner["key"]] * 3 * BURST))
    refused = [one for one in answers if one.status_code == HTTPStatus.TOO_MANY_REQUESTS]
    assert refused
    assert {one.headers.get("Retry-After") for one in refused} == {"1"}
    assert {one.headers["Content-Type"] for one in refused} == {"application/problem+json"}

    listed = json.loads(stagectl(stage, "partners", "list", "--json").stdout)
    let_through = 1 + len(answers) - len(refused)
    assert [(one["name"], one["requestsThisMonth"]) for one in listed] == [("e2e", let_through)]

    assert stagectl(stage, "partners", "revoke", "e2e", "--yes").returncode == 0
    assert search(partner["key"]).status_code == HTTPStatus.FORBIDDEN
