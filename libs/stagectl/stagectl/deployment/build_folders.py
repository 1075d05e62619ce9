"""The build folders of a checkout's stacks, which one deployment or check uses at a time."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from stagectl.checkout import Checkout
from stagectl.system import file_lock

WAIT_VARIABLE = "BIGMOUTH_WAIT"


def hold(checkout: Checkout, doing: str) -> AbstractContextManager[int]:
    """Lock the build folders, and yield the lock's descriptor.

    With the environment variable BIGMOUTH_WAIT set, this waits for whoever holds the lock.

    Args:
        checkout: The checkout.
        doing: What the holder does, for the message to others.

    Raises:
        BusyError: Another command of this checkout holds it, and BIGMOUTH_WAIT is not set.
    """
    wait = bool(os.environ.get(WAIT_VARIABLE))
    return file_lock.hold(checkout.state / "deployment.lock", doing, wait=wait)


@contextmanager
def shared_with_other_commands() -> Iterator[None]:
    """Within the block, wait for other holders, as with BIGMOUTH_WAIT set."""
    os.environ[WAIT_VARIABLE] = "1"
    try:
        yield
    finally:
        del os.environ[WAIT_VARIABLE]
