"""Where and when something was measured."""

import os
import platform
from datetime import UTC, datetime
from typing import Any


def now() -> str:
    """Return the time, to the second."""
    return datetime.now(tz=UTC).isoformat(timespec="seconds")


def machine() -> dict[str, Any]:
    """Return what the figures of this machine depend on."""
    return {
        "processors": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        # More than the number of processors before anything is measured: others were at work as well.
        "load": round(os.getloadavg()[0], 1),
    }
