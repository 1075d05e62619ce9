"""The environment of this service's function, and its bucket as a fake."""

import service_kit.testing
from events import wiring
from service_kit.testing import fake

from .archive_fakes import FakeArchive

function_environment = service_kit.testing.function_environment(
    "events", wiring, ARCHIVE_BUCKET_NAME="events-test-archive"
)

archive = fake(wiring, "archive", FakeArchive)
