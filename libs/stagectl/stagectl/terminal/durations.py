"""Durations and times, as people write and read them."""

import re
from datetime import datetime, timedelta

from stagectl.errors import UsageError

NOW = "now"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LARGE_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def parse_duration(text: str) -> timedelta:
    """Return the duration that `30s`, `10m`, `2h` or `1d` names.

    Raises:
        UsageError: It is none of these.
    """
    match = re.fullmatch(r"(\d+)([smhd])", text)
    if not match:
        raise UsageError(f"{text!r} is not a duration. Use a form such as 30s, 10m, 2h or 1d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def parse_time(text: str, *, now: datetime) -> datetime:
    """Return the time that `2h` (ago), `30m`, `now` or `2026-01-31T12:00:00+01:00` names.

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
        return now - parse_duration(text)
    except UsageError:
        raise UsageError(
            f"{text!r} is not a time. Use an age such as 30s, 10m, 2h or 1d, or a time such as "
            "2026-01-31T12:00:00Z."
        ) from None


def shown_duration(duration: timedelta) -> str:
    """Return a duration in its largest whole unit: `3d`, `2h`, `10m`, `30s`."""
    for unit, length in _LARGE_UNITS:
        if duration >= length:
            return f"{duration // length}{unit}"
    return f"{max(round(duration.total_seconds()), 0)}s"
