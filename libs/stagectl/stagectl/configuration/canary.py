"""Let a share of the invocations have a new value first, and take it back on an alarm."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from stagectl.configuration.stored import CANARY, StoredConfiguration, Version
from stagectl.errors import StagectlError

GRACE = timedelta(minutes=2)
"""How long a canary serves beyond its time when whoever watches it is gone."""


@dataclass(frozen=True)
class Canary:
    """A canary of a configuration.

    Attributes:
        percent: Share of the invocations.
        lasting: How long to watch it.
        watch: Watches the stage's alarms for a time; returns those that go off.
    """

    percent: float
    lasting: timedelta
    watch: Callable[[timedelta], list[str]]

    def run(self, stored: StoredConfiguration, before: Version, candidate: Mapping[str, Any]) -> int:
        """Serve a candidate to its share, then to all; return the number of the version that serves all.

        On an alarm, an interrupt, or any failure while it is watched, the value before serves all again. When
        even that fails, or this process is killed, functions stop serving the candidate by themselves `GRACE`
        after its time.

        Raises:
            StagectlError: An alarm went off, or another program has written meanwhile.
        """
        until = (datetime.now(UTC) + self.lasting + GRACE).isoformat(timespec="seconds")
        canary = {"percent": self.percent, "until": until, "config": dict(candidate)}
        number = stored.write({**before.fields, CANARY: canary}, after=before.number)
        try:
            fired = self.watch(self.lasting)
        except BaseException:
            stored.write(before.fields, after=number)
            raise
        if fired:
            stored.write(before.fields, after=number)
            raise StagectlError(
                f"In alarm since the canary: {', '.join(fired)}. The value before serves all again."
            )
        return stored.write(candidate, after=number)
