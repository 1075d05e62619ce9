"""Asking the service of restaurants whether one exists."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pytest

from orders import wiring
from orders.adapters import restaurants_api
from orders.adapters.restaurants_api import RestaurantsApi
from service_kit.discovery import published_parameter
from service_kit.signed_http import UpstreamRefused, UpstreamUnavailable

URL = "https://restaurants.example/test"


@pytest.fixture
def api() -> Iterator[RestaurantsApi]:
    with published_parameter("restaurants", "serviceUrl").override(f"{URL}/"):
        yield wiring.restaurants()


class FakeUpstream:
    """An API that knows one restaurant and answers another status for all others."""

    def __init__(self, status: int = 404) -> None:
        self.status = status
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def get_json(self, url: str, *, segments: Sequence[str], none_on: Collection[int]) -> Any:
        self.asked.append((url, tuple(segments)))
        if segments[-1] == "Freddy's BBQ Joint":
            return {"name": "Freddy's BBQ Joint", "image": "…", "themes": []}
        if self.status in none_on:
            return None
        if self.status >= 500:
            raise UpstreamUnavailable("down")
        raise UpstreamRefused("refused", self.status)


def upstream(monkeypatch: pytest.MonkeyPatch, status: int) -> FakeUpstream:
    fake = FakeUpstream(status)
    monkeypatch.setattr(restaurants_api, "get_json", fake.get_json)
    return fake


def test_a_restaurant_that_the_service_answers_exists(
    api: RestaurantsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = upstream(monkeypatch, 404)
    assert api.exists("Freddy's BBQ Joint") is True
    assert fake.asked == [(URL, ("restaurants", "Freddy's BBQ Joint"))]


def test_a_restaurant_that_the_service_does_not_find_does_not_exist(
    api: RestaurantsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream(monkeypatch, 404)
    assert api.exists("Los Pollos Hermanos") is False


def test_a_name_that_the_service_takes_for_no_name_does_not_exist(
    api: RestaurantsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream(monkeypatch, 400)
    assert api.exists("Los Pollos / Hermanos") is False


@pytest.mark.parametrize("name", [".", ".."])
def test_a_name_that_no_path_can_hold_does_not_exist(api: RestaurantsApi, name: str) -> None:
    assert api.exists(name) is False


def test_a_service_that_is_down_is_not_taken_for_an_answer(
    api: RestaurantsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream(monkeypatch, 500)
    with pytest.raises(UpstreamUnavailable):
        api.exists("Los Pollos Hermanos")


def test_a_service_that_refuses_this_function_is_not_taken_for_an_answer(
    api: RestaurantsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream(monkeypatch, 403)
    with pytest.raises(UpstreamRefused):
        api.exists("Los Pollos Hermanos")
