"""A lock between commands of one checkout that the kernel frees when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stagectl.errors import BusyError


@contextmanager
def hold(path: Path, doing: str, *, wait: bool = False) -> Iterator[int]:
    """Hold a lock file; yields its descriptor, which a child may inherit to keep the lock until it ends too.

    Args:
        path: The lock file; its folder is made.
        doing: What the holder does, for the message to others.
        wait: Wait for the other holder instead of giving up.

    Raises:
        BusyError: Another process holds the lock and `wait` is off.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(descriptor, path, wait=wait)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, {doing}".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path, *, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        holder = path.read_text(encoding="utf-8", errors="replace") or "another command"
        message = f"Busy in this checkout: {holder}. Wait for it to end, then try again."
        raise BusyError(message, holder=holder) from error
