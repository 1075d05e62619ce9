"""A candidate for a configuration, which a share of the invocations gets before all do.

Imported only where there is one: a model costs a millisecond of every cold start.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

__all__ = ["Canary"]

_STEPS = 2**32


class Canary(BaseModel):
    """What stands in the reserved field of a configuration.

    Attributes:
        percent: Share of the invocations.
        until: When it ends by itself, should whoever watches it be gone.
        config: The candidate, as the whole parameter would be.
    """

    percent: float = Field(gt=0, lt=100)
    until: AwareDatetime
    config: dict[str, Any]

    def draws(self) -> bool:
        """Draw whether the running invocation gets the candidate."""
        if datetime.now(UTC) >= self.until:
            return False
        # Not `random`: all environments that start from one snapshot would draw the same.
        return int.from_bytes(os.urandom(4), "big") * 100 < self.percent * _STEPS
