from datetime import UTC, datetime, timedelta

import pytest

from stagectl.errors import UsageError
from stagectl.terminal.durations import parse_duration, parse_time

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
    ],
)
def test_a_duration_has_a_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "10", "m", "1w", "-1h", "1.5h"])
def test_anything_else_is_not_a_duration(text: str) -> None:
    with pytest.raises(UsageError, match="30s, 10m, 2h or 1d"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("now", NOW),
        ("2h", NOW - timedelta(hours=2)),
        ("30m", NOW - timedelta(minutes=30)),
        ("2026-01-31T11:00:00Z", NOW - timedelta(hours=1)),
        ("2026-01-31T12:00:00+01:00", NOW - timedelta(hours=1)),
    ],
)
def test_a_time_is_an_iso_time_or_how_long_ago(text: str, time: datetime) -> None:
    assert parse_time(text, now=NOW) == time


@pytest.mark.parametrize("text", ["", "soon", "1w", "31.1.2026"])
def test_anything_else_is_not_a_time(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_time(text, now=NOW)
