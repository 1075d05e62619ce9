"""What a function does while it starts in Lambda, before its first event.

After that it has only the share of a processor that its memory buys, and a caller waits. So what a handler
uses (clients, tables, validators) is made when the handler is imported.
"""

import gc
import os
from collections.abc import Callable

__all__ = ["at_start", "end_start", "is_in_lambda", "made", "pause_collector"]

made: list[Callable[[], object]] = []
"""What was called by `at_start`."""

_state = {"ended": False}


def is_in_lambda() -> bool:
    """Return whether this process runs in Lambda."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def at_start(*makers: Callable[[], object]) -> None:
    """Call these now if a Lambda function is starting, such as the functions of `wiring` that a handler uses.

    Anywhere else, as in tests, and after the start they are not called. One that raises makes the function
    fail to start.

    Args:
        makers: Called without arguments; they keep what they make.
    """
    if not is_in_lambda() or _state["ended"]:
        return
    for make in makers:
        make()
        made.append(make)


def pause_collector() -> None:
    """Let the garbage collector rest while a Lambda function starts.

    Nearly all that is made meanwhile (modules, classes, clients) stays for as long as the process.
    """
    if is_in_lambda() and not _state["ended"]:
        gc.disable()


def end_start() -> None:
    """Collect garbage again, if that was paused, and never look at what exists by now."""
    if _state["ended"]:
        return
    _state["ended"] = True
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
