"""The record of a function's last release: a line in the description of its alias.

It stands where the version stands that is live, so both are read and written in one call.
"""

import re
from dataclasses import dataclass
from typing import Self

_UNFINISHED = "?"
_FORM = re.compile(
    r"Release (?P<began_at>\S+): version (?P<before>\d+) to (?P<after>\d+|\?)(?P<undone>, rolled back)?"
)


@dataclass(frozen=True)
class Record:
    """What a release did to a function.

    Attributes:
        began_at: When the release of the stage began, as ISO 8601 in UTC; the same for all its functions.
        before: Version that was live before it.
        after: Version that it made live; None while it runs, and when stagectl was killed meanwhile.
        is_undone: Whether it was rolled back.
    """

    began_at: str
    before: str
    after: str | None = None
    is_undone: bool = False

    @classmethod
    def parse(cls, description: str) -> Self | None:
        """Return the record in an alias's description, None when there is none."""
        found = _FORM.fullmatch(description)
        if found is None:
            return None
        after = None if found["after"] == _UNFINISHED else found["after"]
        return cls(found["began_at"], found["before"], after, is_undone=bool(found["undone"]))

    def __str__(self) -> str:
        undone = ", rolled back" if self.is_undone else ""
        return f"Release {self.began_at}: version {self.before} to {self.after or _UNFINISHED}{undone}"
