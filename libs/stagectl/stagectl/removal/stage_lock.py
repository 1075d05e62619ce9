"""A lock on a stage, held by one command of this checkout at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from stagectl.checkout import Checkout
from stagectl.system import file_lock


@contextmanager
def hold(checkout: Checkout, stage: str, doing: str) -> Iterator[None]:
    """Hold the lock of a stage, such as to remove or to test it.

    Raises:
        BusyError: Another one holds it.
    """
    path = checkout.state / "stage-locks" / f"{stage}.lock"
    with file_lock.hold(path, doing):
        yield
