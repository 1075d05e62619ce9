"""Keeps a stage from being taken down while the suite of this checkout runs on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from stagectl.checkout import Checkout
from stagectl.system import file_lock


@contextmanager
def hold(checkout: Checkout, stage: str, doing: str) -> Iterator[None]:
    """Be the only command of the checkout that tests or removes a stage.

    Raises:
        BusyError: Another one does.
    """
    path = checkout.state / "suite-locks" / f"{stage}.lock"
    with file_lock.hold(path, doing):
        yield
