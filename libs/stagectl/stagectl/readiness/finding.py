"""A finding of a check, and how to fix it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The severity of a finding."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """A finding of a check.

    Attributes:
        level: Its severity.
        subject: What was checked.
        text: What was found.
        way_out: How to fix it; empty when nothing is wrong.
    """

    level: Level
    subject: str
    text: str
    way_out: str = ""
