"""Two consoles: results go to standard output, all that is said on the way goes to standard error."""

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print one line of progress to standard error, as it stands."""
    err.print(text, markup=False)


def result(text: str) -> None:
    """Print one line of a result to standard output, as it stands."""
    out.print(text, markup=False)
