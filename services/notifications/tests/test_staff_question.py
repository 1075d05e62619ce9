"""Asking the service of restaurants who is staff."""

import pytest

from notifications import wiring
from notifications.adapters import restaurants_api
from notifications.adapters.restaurants_api import TRY_SECONDS
from service_kit.aws import UpstreamRefused

URL = "https://restaurants.example/test"


def is_staff(monkeypatch: pytest.MonkeyPatch, answer: object) -> bool:
    """Ask whether ada is staff of a restaurant, and let the service answer."""

    def get_json(url: str, **request: object) -> object:
        assert (url, request) == (
            URL,
            {
                "segments": ("restaurants", "Freddy's BBQ Joint", "staff", "ada@example.com"),
                "none_on": {400, 404},
                "timeout_seconds": TRY_SECONDS,
            },
        )
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(restaurants_api, "get_json", get_json)
    api = wiring.staff()
    with api.service_url.override(f"{URL}/"):
        return api.is_staff("Freddy's BBQ Joint", "ada@example.com")


def test_a_person_whom_the_service_answers_is_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_staff(monkeypatch, {"restaurantName": "Freddy's BBQ Joint", "email": "ada@example.com"})


def test_a_person_whom_the_service_does_not_find_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_staff(monkeypatch, None)


def test_a_service_that_refuses_this_function_is_not_taken_for_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UpstreamRefused):
        is_staff(monkeypatch, UpstreamRefused("refused", 403))
