"""Flags: fields of a configuration that say for whom something new is switched on."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from service_kit.settings import ServiceSettings, load_settings

__all__ = ["WRITTEN_AT", "Flag"]

WRITTEN_AT = "written_at"
"""Key of the validation context with the time of writing: an `until` before it is then refused."""

_BUCKETS = 2**64


class Flag(BaseModel):
    """For whom something new is switched on; by default for no one.

    Each flag is a subclass of its own. The name of that class and the user id alone decide whether a customer
    is in the share: so it is the same customers at every evaluation and in every function, those of a smaller
    share are in every larger one, and two flags are independent. To rename the class is to draw again.

    Attributes:
        percent: Share of all customers.
        users: Ids of users for whom it is on, whatever the share.
        restaurants: Names of restaurants for which it is on.
        stages: The only stages where it is on; without any, all that read this configuration.
        until: When it ends; None for never.
    """

    model_config = ConfigDict(frozen=True)

    percent: float = Field(default=0, ge=0, le=100)
    users: frozenset[str] = frozenset()
    restaurants: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    until: AwareDatetime | None = None

    def is_on(self, *, user_id: str | None = None, restaurant: str | None = None) -> bool:
        """Return whether it is on now, on this stage, for a customer or a restaurant."""
        if self.until is not None and datetime.now(UTC) >= self.until:
            return False
        if self.stages and load_settings(ServiceSettings).stage not in self.stages:
            return False
        if restaurant in self.restaurants or user_id in self.users:
            return True
        return user_id is not None and self._place(user_id) < self.percent

    def _place(self, user_id: str) -> float:
        """Return where a customer stands between 0 and 100."""
        digest = hashlib.sha256(f"{type(self).__name__}:{user_id}".encode()).digest()
        return int.from_bytes(digest[:8], "big") * 100 / _BUCKETS

    @field_validator("until")
    @classmethod
    def _is_to_come(cls, until: datetime | None, info: ValidationInfo) -> datetime | None:
        written_at = (info.context or {}).get(WRITTEN_AT)
        if until is not None and written_at is not None and until <= written_at:
            raise PydanticCustomError("until", "Input should be in the future")
        return until
