"""Two consoles: results go to standard output, all that is said on the way goes to standard error."""

from rich.console import Console

from stagectl.outside_text import printable

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print progress to standard error, as it stands but for what would steer the terminal."""
    err.print(printable(text), markup=False)


def result(text: str) -> None:
    """Print a result to standard output, as it stands but for what would steer the terminal."""
    out.print(printable(text), markup=False)
