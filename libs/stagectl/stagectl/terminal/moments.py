"""Moments as people write them: an ISO time, or how long ago."""

from datetime import datetime

from stagectl.errors import UsageError
from stagectl.stages.function_logs import parse_age

NOW = "now"


def parse_moment(text: str, *, now: datetime) -> datetime:
    """Return the moment that `2h`, `30m`, `now` or `2026-01-31T12:00:00+01:00` names.

    A time without an offset is local time.

    Args:
        text: What was written.
        now: The present, with an offset.

    Raises:
        UsageError: It is none of these.
    """
    if text == NOW:
        return now
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        pass
    try:
        return now - parse_age(text)
    except UsageError:
        raise UsageError(
            f"{text!r} is no moment: write how long ago (30s, 10m, 2h or 1d), or a time such as "
            "2026-01-31T12:00:00Z"
        ) from None
