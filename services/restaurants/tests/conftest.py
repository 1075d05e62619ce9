"""The environment of this service's functions, and its collaborators as fakes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3.session
import pytest
from botocore.stub import Stubber
from pydantic import SecretStr

from restaurants import wiring
from restaurants.handlers import get_index, get_restaurants, search_restaurants
from restaurants.handlers.pages import ResultsConfig
from service_kit import clients
from service_kit.parameters import override_parameters
from service_kit.settings import clear_settings

from .restaurants_fakes import FakeCatalogue, FakeFavourites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

ENVIRONMENT = {
    "SERVICE_NAME": "restaurants",
    "STAGE": "test",
    "SERVICE_KIT_PARAMETERS": "off",
    "TABLE_NAME": "restaurants-test",
    "FAVOURITES_TABLE_NAME": "restaurants-test-favourites",
    "PAGE_SIZE": "2",
    "SERVICE_URL": "https://restaurants.example/test",
    "MAX_COUNT": "50",
    "COGNITO_ENDPOINT": "https://cognito-idp.eu-central-1.amazonaws.com",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}
NOT_SET = (
    "SSM_STAGE",
    "PARAMETERS_MAX_AGE_SECONDS",
    "CORS_ALLOWED_ORIGIN",
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
)

# Named here, since a test may have put a fake in the place of one of them when it is cleared.
BUILDERS = (wiring.catalogue, wiring.favourites, wiring.landing_page, wiring.assets)
HANDLERS = (get_index.handle, get_restaurants.handle, search_restaurants.handle)


@pytest.fixture(autouse=True)
def function_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that another test or service loaded or built is seen by a test, and nothing of it stays."""
    for name in NOT_SET:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    _forget()
    yield
    _forget()


def _forget() -> None:
    clear_settings()
    for build in BUILDERS:
        build.cache_clear()
    for handler in HANDLERS:
        for parameter in handler.contract.parameters.values():
            parameter.forget()


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> FakeCatalogue:
    """The catalogue that handlers see."""
    fake = FakeCatalogue()
    monkeypatch.setattr(wiring, "catalogue", lambda: fake)
    return fake


@pytest.fixture
def favourites(monkeypatch: pytest.MonkeyPatch) -> FakeFavourites:
    """The bookmarks that handlers see."""
    fake = FakeFavourites()
    monkeypatch.setattr(wiring, "favourites", lambda: fake)
    return fake


@pytest.fixture
def eight_by_default() -> Iterator[None]:
    """Operators configured eight results for the list and for the search."""
    eight = ResultsConfig(defaultResults=8)
    with (
        override_parameters(get_restaurants.handle, config=eight),
        override_parameters(search_restaurants.handle, config=eight),
    ):
        yield


@pytest.fixture
def search_secret() -> Iterator[None]:
    """The secret of the search."""
    with override_parameters(search_restaurants.handle, secret=SecretStr("a secret")):
        yield


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    # Both tables, by the same client, so that a test sees the calls of both in their order.
    monkeypatch.setitem(clients._tables, "restaurants-test", _table("restaurants-test"))
    favourites = _table("restaurants-test-favourites")
    monkeypatch.setitem(clients._tables, "restaurants-test-favourites", favourites)
    with Stubber(favourites.meta.client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """SSM, likewise; functions read it instead of what a test overrides."""
    monkeypatch.setenv("SERVICE_KIT_PARAMETERS", "on")
    client = boto3.session.Session().client("ssm")
    monkeypatch.setitem(clients._clients, "ssm", client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


# Not service_kit's own, which would stay with these credentials for other suites of the same process.
@cache
def _resources() -> DynamoDBServiceResource:
    return boto3.session.Session().resource("dynamodb")


def _table(name: str) -> Table:
    return _resources().Table(name)
