"""End a command in order on the first signal, however many signals arrive."""

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def install() -> None:
    """Turn the first interrupt, hang-up or termination of this process into a KeyboardInterrupt.

    Those after it are ignored: on Ctrl-C the terminal, npm and the bootstrap may each send one, and none of
    them may break off the clean-up. The clean-up has deadlines of its own.
    """
    for number in _SIGNALS:
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
