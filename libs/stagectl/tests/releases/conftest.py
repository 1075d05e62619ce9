"""AWS's variables for moto, which needs some."""

from collections.abc import Iterator

import pytest

from ..fakes.released import REGION, ReleasedStack, released

PLACE, GET = "orders-prod-place-order", "orders-prod-get-order"


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleasedStack]:
    """A stack with two functions."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with released(PLACE, GET) as made:
        yield made
