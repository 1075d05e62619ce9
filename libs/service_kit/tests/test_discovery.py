from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, Field

from service_kit import clients, discovery
from service_kit.discovery import (
    published,
    published_parameter,
    quotas_parameter,
    service_quotas,
    service_url,
)
from service_kit.parameters import ParametersSwitchedOff, ParameterUnavailable


class ListQuota(BaseModel):
    max_count: int = Field(alias="maxCount", ge=1)


class Quotas(BaseModel):
    get_restaurants: ListQuota = Field(alias="get-restaurants")


class FakeSsmClient:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.texts = {
            "/restaurants/test/serviceUrl": "https://api.example/test/",
            "/restaurants/test/serviceQuotas": '{"get-restaurants": {"maxCount": 50}}',
            "/auth/test/userPoolId": "pool-1",
        }

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> dict[str, Any]:  # noqa: N803
        self.asked.append(Name)
        return {"Parameter": {"Value": self.texts[Name]}}


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSsmClient]:
    fake = FakeSsmClient()
    monkeypatch.setitem(clients._clients, "ssm", fake)
    published_parameter.cache_clear()
    discovery._quotas_parameter.cache_clear()
    yield fake
    published_parameter.cache_clear()
    discovery._quotas_parameter.cache_clear()


def test_a_service_url_has_no_slash_at_its_end(ssm: FakeSsmClient) -> None:
    assert service_url("restaurants") == "https://api.example/test"


def test_nothing_but_slashes_is_cut_from_a_service_url(ssm: FakeSsmClient) -> None:
    ssm.texts["/restaurants/test/serviceUrl"] = "https://api.example/MAX/"
    assert service_url("restaurants") == "https://api.example/MAX"


def test_what_a_stack_publishes_is_read_on_the_stage_itself(
    ssm: FakeSsmClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSM_STAGE", "dev")
    assert published("auth", "userPoolId") == "pool-1"


def test_what_a_stack_publishes_is_fetched_once(ssm: FakeSsmClient) -> None:
    service_url("restaurants")
    service_url("restaurants")
    assert ssm.asked == ["/restaurants/test/serviceUrl"]


def test_quotas_are_validated_as_a_whole(ssm: FakeSsmClient) -> None:
    assert service_quotas("restaurants", Quotas).get_restaurants.max_count == 50


def test_quotas_of_one_function_can_be_asked_for(ssm: FakeSsmClient) -> None:
    assert service_quotas("restaurants", ListQuota, function="get-restaurants").max_count == 50


def test_quotas_of_an_unknown_function_are_unavailable(ssm: FakeSsmClient) -> None:
    with pytest.raises(ParameterUnavailable):
        service_quotas("restaurants", ListQuota, function="unknown")


def test_what_is_published_can_be_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_KIT_PARAMETERS", "off")
    with published_parameter("orders", "serviceUrl").override("http://here"):
        assert service_url("orders") == "http://here"
    with pytest.raises(ParametersSwitchedOff):
        service_url("orders")


def test_quotas_can_be_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_KIT_PARAMETERS", "off")
    quota = ListQuota.model_validate({"maxCount": 2})
    with quotas_parameter("restaurants", ListQuota, function="get-restaurants").override(quota):
        assert service_quotas("restaurants", ListQuota, function="get-restaurants") is quota
