"""Branches that have a preview without a pull request: those that match a pattern."""

import re


def fits(branch: str, patterns: str) -> bool:
    """Return whether a branch matches one of several patterns.

    Args:
        branch: The branch, as git calls it.
        patterns: Patterns with white space between. As in GitHub's filters, `*` stands for anything without
            a slash and `**` for anything; of what fits, a later pattern that begins with `!` takes out.
    """
    fitting = False
    for pattern in patterns.split():
        is_exception = pattern.startswith("!")
        if re.fullmatch(_expression(pattern.removeprefix("!")), branch, re.DOTALL):
            fitting = not is_exception
    return fitting


def _expression(pattern: str) -> str:
    parts = re.split(r"(\*+)", pattern)
    return "".join(
        re.escape(part) if not part.startswith("*") else "[^/]*" if part == "*" else ".*" for part in parts
    )
