"""A service that differs from what was deployed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from support.stage import REPOSITORY


@contextmanager
def a_changed_service(service: str) -> Iterator[None]:
    """Add a module that nothing imports, so that the service and its bundle are other ones, for a block."""
    file = REPOSITORY / "services" / service / service / "benchmarked.py"
    file.write_text(f'"""Measured at {time.time()}."""\n')
    try:
        yield
    finally:
        file.unlink()
