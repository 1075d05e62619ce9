"""Asking the service of restaurants whether one exists."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pytest

from devtools import snapshot_hooks
from orders import wiring
from orders.adapters import restaurants_api
from orders.adapters.restaurants_api import MAX_REMEMBERED, RestaurantsApi
from service_kit.aws import UpstreamRefused, UpstreamUnavailable
from service_kit.parameters import Published

URL = "https://restaurants.example/test"
SERVICE_URL = Published("restaurants", "serviceUrl")


@pytest.fixture
def api() -> Iterator[RestaurantsApi]:
    built = wiring.restaurants()
    with built.service_url.override(f"{URL}/"):
        yield built


class FakeUpstream:
    """An API that knows some restaurants and answers another status for all others."""

    def __init__(self, status: int = 404) -> None:
        self.status = status
        self.known = {"Freddy's BBQ Joint"}
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    @property
    def names(self) -> list[str]:
        """The names that were asked for."""
        return [segments[-1] for _, segments in self.asked]

    def get_json(
        self, url: str, *, segments: Sequence[str], none_on: Collection[int], timeout_seconds: float
    ) -> Any:
        self.asked.append((url, tuple(segments)))
        if segments[-1] in self.known:
            return {"name": segments[-1], "image": "…", "themes": []}
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


class FakeClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeUpstream]:
    with SERVICE_URL.override(URL):
        yield upstream(monkeypatch, 404)


class TestMemory:
    def test_a_restaurant_is_asked_for_once_within_the_age(self, service: FakeUpstream) -> None:
        clock = FakeClock()
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60, clock=clock)
        assert api.exists("Freddy's BBQ Joint")
        clock.now += 59.9
        assert api.exists("Freddy's BBQ Joint")
        assert service.names == ["Freddy's BBQ Joint"]

    def test_a_deleted_restaurant_does_not_exist_once_the_age_is_over(self, service: FakeUpstream) -> None:
        clock = FakeClock()
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60, clock=clock)
        assert api.exists("Freddy's BBQ Joint")
        service.known.clear()
        clock.now += 60
        assert not api.exists("Freddy's BBQ Joint")

    def test_serving_from_memory_makes_nothing_younger(self, service: FakeUpstream) -> None:
        clock = FakeClock()
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60, clock=clock)
        for _ in range(3):
            assert api.exists("Freddy's BBQ Joint")
            clock.now += 30
        assert service.names == ["Freddy's BBQ Joint"] * 2

    def test_a_clock_that_is_set_back_keeps_no_restaurant(self, service: FakeUpstream) -> None:
        clock = FakeClock()
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60, clock=clock)
        assert api.exists("Freddy's BBQ Joint")
        service.known.clear()
        clock.now -= 1
        assert not api.exists("Freddy's BBQ Joint")

    def test_an_age_of_nothing_asks_each_time(self, service: FakeUpstream) -> None:
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=0, clock=FakeClock())
        assert api.exists("Freddy's BBQ Joint")
        service.known.clear()
        assert not api.exists("Freddy's BBQ Joint")

    def test_a_restaurant_that_was_just_added_exists_at_once(self, service: FakeUpstream) -> None:
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60)
        assert not api.exists("Los Pollos Hermanos")
        service.known.add("Los Pollos Hermanos")
        assert api.exists("Los Pollos Hermanos")

    def test_a_service_that_is_down_does_not_matter_for_what_is_known(self, service: FakeUpstream) -> None:
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60)
        assert api.exists("Freddy's BBQ Joint")
        service.known.clear()
        service.status = 500
        assert api.exists("Freddy's BBQ Joint")

    def test_a_service_that_is_down_is_no_answer_once_the_age_is_over(self, service: FakeUpstream) -> None:
        clock = FakeClock()
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60, clock=clock)
        assert api.exists("Freddy's BBQ Joint")
        service.known.clear()
        service.status = 500
        clock.now += 60
        with pytest.raises(UpstreamUnavailable):
            api.exists("Freddy's BBQ Joint")

    def test_the_oldest_is_forgotten_when_there_are_too_many(self, service: FakeUpstream) -> None:
        names = [f"Restaurant {number}" for number in range(MAX_REMEMBERED + 1)]
        service.known.update(names)
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60)
        for name in names:
            assert api.exists(name)
        service.asked.clear()
        assert api.exists(names[-1])
        assert api.exists(names[1])
        assert service.names == []
        assert api.exists(names[0])
        assert service.names == [names[0]]

    def test_names_that_do_not_exist_make_nothing_forgotten(self, service: FakeUpstream) -> None:
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60)
        assert api.exists("Freddy's BBQ Joint")
        for number in range(MAX_REMEMBERED + 1):
            assert not api.exists(f"Nowhere {number}")
        service.asked.clear()
        assert api.exists("Freddy's BBQ Joint")
        assert service.names == []

    def test_a_restored_copy_asks_again(self, service: FakeUpstream, monkeypatch: pytest.MonkeyPatch) -> None:
        hooks = snapshot_hooks.recorded(monkeypatch)
        api = RestaurantsApi(SERVICE_URL, max_age_seconds=60)
        assert api.exists("Freddy's BBQ Joint")
        service.known.clear()
        (renew,) = hooks.renewals
        renew()
        assert not api.exists("Freddy's BBQ Joint")

    def test_the_age_comes_from_the_environment(
        self, service: FakeUpstream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("RESTAURANTS_MAX_AGE_SECONDS", "0")
        api = wiring.restaurants()
        with api.service_url.override(URL):
            assert api.exists("Freddy's BBQ Joint")
            assert api.exists("Freddy's BBQ Joint")
        assert service.names == ["Freddy's BBQ Joint"] * 2


class TestStaff:
    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock()

    @pytest.fixture
    def api(self, clock: FakeClock) -> RestaurantsApi:
        return RestaurantsApi(SERVICE_URL, max_age_seconds=30, clock=clock)

    def test_a_person_whom_the_service_answers_is_staff(
        self, service: FakeUpstream, api: RestaurantsApi
    ) -> None:
        service.known.add("ada@example.com")
        assert api.is_staff("Fangtasia", "ada@example.com")
        assert service.asked == [(URL, ("restaurants", "Fangtasia", "staff", "ada@example.com"))]

    @pytest.mark.parametrize("status", [404, 400])
    def test_a_person_whom_the_service_does_not_find_is_not(
        self, service: FakeUpstream, api: RestaurantsApi, status: int
    ) -> None:
        service.status = status
        assert not api.is_staff("Fangtasia", "ada@example.com")

    def test_staff_of_one_restaurant_is_not_staff_of_another(
        self, service: FakeUpstream, api: RestaurantsApi
    ) -> None:
        service.known.add("ada@example.com")
        assert api.is_staff("Fangtasia", "ada@example.com")
        service.known.clear()
        assert api.is_staff("Fangtasia", "ada@example.com")
        assert not api.is_staff("Pizza Planet", "ada@example.com")
        assert not api.is_staff("Fangtasia", "bob@example.com")

    def test_a_person_who_was_removed_is_staff_no_longer_than_the_age(
        self, service: FakeUpstream, api: RestaurantsApi, clock: FakeClock
    ) -> None:
        service.known.add("ada@example.com")
        assert api.is_staff("Fangtasia", "ada@example.com")
        service.known.clear()
        clock.now += 30
        assert not api.is_staff("Fangtasia", "ada@example.com")

    @pytest.mark.parametrize(("status", "error"), [(500, UpstreamUnavailable), (403, UpstreamRefused)])
    def test_a_service_that_does_not_answer_makes_nobody_staff(
        self, service: FakeUpstream, api: RestaurantsApi, status: int, error: type[Exception]
    ) -> None:
        service.status = status
        with pytest.raises(error):
            api.is_staff("Fangtasia", "ada@example.com")

    def test_the_age_comes_from_the_environment(
        self, service: FakeUpstream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("STAFF_MAX_AGE_SECONDS", "0")
        service.known.add("ada@example.com")
        api = wiring.staff()
        with api.service_url.override(URL):
            assert api.is_staff("Fangtasia", "ada@example.com")
            assert api.is_staff("Fangtasia", "ada@example.com")
        assert len(service.asked) == 2
