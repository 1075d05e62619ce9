"""The versions of Python and Node that the tools are tested with."""

import re
from dataclasses import dataclass

from stagectl.readiness.finding import Finding, Level


@dataclass(frozen=True)
class Supported:
    """A range of versions.

    Attributes:
        oldest: The first that works.
        newest: The last that is tested, without its patch.
    """

    oldest: tuple[int, ...]
    newest: tuple[int, ...]

    def __str__(self) -> str:
        """Return it for people, such as `3.11 to 3.13`."""
        return f"{_shown(self.oldest)} to {_shown(self.newest)}"


PYTHON = Supported((3, 11), (3, 13))
NODE = Supported((20, 19), (24,))


def judged(found: Finding, supported: Supported, way_out: str) -> Finding:
    """Return a finding about a program's version, judged by the supported ones."""
    version = tuple(int(number) for number in re.findall(r"\d+", found.text))
    if found.level is not Level.OK or not version:
        return found
    if version < supported.oldest:
        text = f"{found.text} is too old: {supported} are supported"
        return Finding(Level.FAIL, found.subject, text, way_out)
    if version[: len(supported.newest)] > supported.newest:
        text = f"{found.text} is not tested yet: {supported} are"
        return Finding(Level.WARN, found.subject, text, way_out)
    return Finding(Level.OK, found.subject, f"{found.text} ({supported} are supported)")


def _shown(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
