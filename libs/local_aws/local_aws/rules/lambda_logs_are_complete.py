"""What an invocation writes is in its log when it has ended.

MiniStack takes what came within five milliseconds after the line before. On a busy machine the rest of an
invocation is then in the log of the next one, which may never come.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import contextlib
import fcntl
import os
import selectors
import struct
import termios
import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from ministack.core import lambda_runtime

Drain = Callable[..., str]

_LONGEST_WAIT_SECONDS = 2.0
_INTERVAL_SECONDS = 0.001
_CHUNK_BYTES = 64 * 1024
# Held while lines are on their way from a pipe to their queue.
_moving = Lock()


def install() -> None:
    """Collect the lines of an invocation when all that it wrote was read."""
    lambda_runtime.Worker._read_stderr = read_lines
    drain: Drain = lambda_runtime.Worker._drain_stderr_bounded

    @wraps(drain)
    def operation(worker: Any, *arguments: Any, **settings: Any) -> str:
        # Those of other runtimes read their lines in another way.
        if type(worker) is not lambda_runtime.Worker or not worker._proc:
            return drain(worker, *arguments, **settings)
        deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
        while not is_read(worker._proc.stderr) and time.monotonic() < deadline:
            time.sleep(_INTERVAL_SECONDS)
        return str(worker._drain_stderr())

    lambda_runtime.Worker._drain_stderr_bounded = operation


def read_lines(worker: Any) -> None:
    """Put the lines that a worker writes into its queue, until it ends."""
    pipe, lines, rest = worker._proc.stderr, worker._stderr_queue, b""
    # A pipe is closed under it when the worker is killed.
    with contextlib.suppress(OSError, ValueError), selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select():
            with _moving:
                chunk = os.read(pipe.fileno(), _CHUNK_BYTES)
                *whole, rest = (rest + chunk).split(b"\n")
                for line in whole if chunk else [rest] if rest else []:
                    lines.put(line.decode(errors="replace"))
            if not chunk:
                return


def is_read(pipe: Any) -> bool:
    """Return whether nothing is in a pipe or on its way to the queue."""
    with _moving, contextlib.suppress(OSError, ValueError):
        (unread,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))
        return bool(unread == 0)
    return True
