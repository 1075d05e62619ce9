"""Two consoles: results go to standard output, all that is said on the way goes to standard error."""

from rich.console import Console
from rich.text import Text

from stagectl.terminal.outside_text import printable

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print progress to standard error, as it stands but for what would steer the terminal."""
    err.print(printable(text), markup=False)


def styled(line: Text) -> None:
    """Print a result with its colours, treated in the same way."""
    line.plain = printable(line.plain)
    out.print(line)


def result(text: str) -> None:
    """Print a result to standard output, as it stands but for what would steer the terminal."""
    out.print(printable(text), markup=False)
