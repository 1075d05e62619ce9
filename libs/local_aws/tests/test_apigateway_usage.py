from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from stagectl.targets.emulator import Emulator

Client = Callable[..., Any]


@pytest.fixture
def gateway(aws: Client) -> Any:
    return aws("apigateway")


@pytest.fixture
def called(gateway: Any, emulator: Emulator) -> Iterator[tuple[str, str]]:
    """A usage plan and a key of it, with which an API was called twice."""
    api = gateway.create_rest_api(name="used")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE", apiKeyRequired=True)
    gateway.put_integration(**method, type="MOCK")
    deployment = gateway.create_deployment(restApiId=api)["id"]
    gateway.create_stage(restApiId=api, stageName="dev", deploymentId=deployment)
    quota = {"limit": 100, "period": "MONTH"}
    plan = gateway.create_usage_plan(name="p", apiStages=[{"apiId": api, "stage": "dev"}], quota=quota)["id"]
    key = gateway.create_api_key(name="k", enabled=True)
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    for value in (key["value"], key["value"], "another-key-that-nobody-has"):
        headers = {"x-api-key": value}
        requests.get(f"{emulator.url}/_aws/execute-api/{api}/dev/", headers=headers, timeout=10)
    yield plan, key["id"]
    gateway.delete_api_key(apiKey=key["id"])
    gateway.delete_usage_plan(usagePlanId=plan)
    gateway.delete_rest_api(restApiId=api)


def test_the_requests_of_a_key_are_reported_by_day_with_the_rest_of_the_quota(
    gateway: Any, called: tuple[str, str]
) -> None:
    plan, key = called

    usage = gateway.get_usage(usagePlanId=plan, startDate="2026-11-01", endDate="2026-11-02")

    assert usage["items"] == {key: [[0, 100], [2, 98]]}


def test_the_usage_of_an_unknown_plan_is_not_found(gateway: Any) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.get_usage(usagePlanId="none", startDate="2026-11-01", endDate="2026-11-02")
