"""Two consoles: results go to standard output, progress to standard error."""

from rich.console import Console
from rich.text import Text

from stagectl.terminal.outside_text import printable

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print progress to standard error, with terminal control characters escaped."""
    err.print(printable(text), markup=False)


def styled(line: Text) -> None:
    """Print a result with colours, escaped in the same way."""
    line.plain = printable(line.plain)
    out.print(line)


def result(text: str) -> None:
    """Print a result to standard output, with terminal control characters escaped."""
    out.print(printable(text), markup=False)
