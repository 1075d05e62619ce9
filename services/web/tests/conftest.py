"""The environment of this service's functions, and its collaborators as fakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import service_kit.testing
from service_kit.testing import fake
from web import wiring

from .acceptance_fakes import FakeAcceptances

if TYPE_CHECKING:
    from botocore.stub import Stubber

    from service_kit.testing import StubTables

function_environment = service_kit.testing.function_environment(
    "web",
    wiring,
    ACCEPTANCES_TABLE_NAME="web-test-acceptances",
    EVENT_BUS_NAME="a-bus",
    EVENT_SOURCE="big-mouth",
    ASSETS_BUCKET_NAME="an-assets-bucket",
    API_DOCS="true",
    SERVICE_URL="https://web.example/test",
    COGNITO_ENDPOINT="https://cognito-idp.eu-central-1.amazonaws.com",
)

acceptances = fake(wiring, "acceptances", FakeAcceptances)


@pytest.fixture
def dynamodb(stub_tables: StubTables) -> Stubber:
    """DynamoDB, which answers what a test tells it to, if it is asked as the test says."""
    return stub_tables("web-test-acceptances")
