"""The environment of this service's function, and its bucket as a fake."""

import pytest

import service_kit.testing
from events import wiring

from .archive_fakes import FakeArchive

function_environment = service_kit.testing.function_environment(
    "events", wiring, ARCHIVE_BUCKET_NAME="events-test-archive"
)


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> FakeArchive:
    """The bucket that the handler sees."""
    fake = FakeArchive()
    monkeypatch.setattr(wiring, "archive", lambda: fake)
    return fake
