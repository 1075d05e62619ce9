from pathlib import Path
from types import SimpleNamespace

import pytest

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.stacks import published

from ..fakes import cloud

HOST = "execute-api.eu-west-1.amazonaws.com"
STACKS = [Stack(name, Path()) for name in ("notes", "mail", "tags", "never-deployed")]


@pytest.fixture(autouse=True)
def stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stacks as sls makes them: with a REST API, with an HTTP API, and without any."""
    fake = cloud.FakeCloud(
        cloud.stack("dev", "notes", outputs={"ServiceEndpoint": f"https://a1.{HOST}/dev"}),
        cloud.stack("dev", "mail", outputs={"HttpApiId": "b2", "HttpApiUrl": f"https://b2.{HOST}"}),
        cloud.stack("dev", "tags", outputs={"Queue": "url"}),
    )
    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=lambda _: fake))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


def test_where_no_service_publishes_a_url_those_in_the_outputs_count() -> None:
    assert published.service_urls("dev", STACKS) == {
        "notes": f"https://a1.{HOST}/dev",
        "mail": f"https://b2.{HOST}",
    }


def test_on_an_emulator_they_are_below_its_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")

    assert published.service_urls("dev", STACKS) == {
        "notes": "http://127.0.0.1:4566/_aws/execute-api/a1/dev",
        "mail": "http://127.0.0.1:4566/_aws/execute-api/b2/$default",
    }
