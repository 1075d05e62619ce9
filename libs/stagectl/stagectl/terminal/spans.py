"""Time spans as people read them."""

from datetime import timedelta

_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def shown_age(age: timedelta) -> str:
    """Return an age in its largest whole unit: `3d`, `2h`, `10m`, `30s`."""
    for unit, length in _UNITS:
        if age >= length:
            return f"{age // length}{unit}"
    return f"{max(round(age.total_seconds()), 0)}s"
