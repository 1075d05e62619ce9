"""The environment of this service's functions, and its collaborators as fakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

import service_kit.testing
from restaurants import wiring
from restaurants.handlers import find_restaurants, get_restaurants, search_restaurants
from restaurants.handlers.pages import ResultsConfig
from restaurants.handlers.search_restaurants import SearchConfig
from service_kit.parameters import override_parameters
from service_kit.testing import fake

from .restaurants_fakes import FakeCatalogue, FakeFavourites, FakeReviews, FakeStaff, FakeSubmissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.stub import Stubber

    from service_kit.testing import StubClient, StubTables

function_environment = service_kit.testing.function_environment(
    "restaurants",
    wiring,
    TABLE_NAME="restaurants-test",
    FAVOURITES_TABLE_NAME="restaurants-test-favourites",
    EVENT_BUS_NAME="a-bus",
    EVENT_SOURCE="big-mouth",
    SUBMISSIONS_TABLE_NAME="restaurants-test-submissions",
    STAFF_TABLE_NAME="restaurants-test-staff",
    PAGE_SIZE="2",
    SERVICE_URL="https://restaurants.example/test",
    MAX_COUNT="50",
)

catalogue = fake(wiring, "catalogue", FakeCatalogue)
favourites = fake(wiring, "favourites", FakeFavourites)
submissions = fake(wiring, "submissions", FakeSubmissions)
reviews = fake(wiring, "reviews", FakeReviews)


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch, catalogue: FakeCatalogue) -> FakeStaff:
    """The staff that handlers see, of the restaurants that they see."""
    fake = FakeStaff(catalogue)
    monkeypatch.setattr(wiring, "staff", lambda: fake)
    return fake


@pytest.fixture
def eight_by_default() -> Iterator[None]:
    """Operators configured eight results for the list and for both searches."""
    eight = ResultsConfig(defaultResults=8)
    with (
        override_parameters(get_restaurants.handle, config=eight),
        override_parameters(search_restaurants.handle, config=SearchConfig(defaultResults=8)),
        override_parameters(find_restaurants.handle, config=eight),
    ):
        yield


@pytest.fixture
def search_secret() -> Iterator[None]:
    """The secret of the search."""
    with override_parameters(search_restaurants.handle, secret=SecretStr("a secret")):
        yield


@pytest.fixture
def dynamodb(stub_tables: StubTables) -> Stubber:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    return stub_tables("restaurants-test", "restaurants-test-favourites", "restaurants-test-staff")


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch, stub_client: StubClient) -> Stubber:
    """SSM, likewise; functions read it instead of what a test overrides."""
    monkeypatch.setenv("SERVICE_KIT_PARAMETERS", "on")
    return stub_client("ssm")
