"""The envelope in which EventBridge delivers an event."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003, pydantic reads it at run time
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from service_kit.invocation import sane_correlation_id

__all__ = ["BusEvent", "correlation_in"]

DetailT = TypeVar("DetailT", bound=BaseModel)


class BusEvent(BaseModel, Generic[DetailT]):
    """An event of the bus with its detail as a model.

    Attributes:
        id: Unique per published event; the same when an event is delivered again.
        source: Who published it.
        detail_type: What happened, such as `order_placed` (`detail-type` in JSON).
        time: When it happened.
        detail: What the producer says about it.
    """

    model_config = ConfigDict(
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        hide_input_in_errors=True,
    )

    id: str
    source: str
    detail_type: str = Field(alias="detail-type")
    time: datetime
    detail: DetailT


def correlation_in(event: object) -> str | None:
    """Find the correlation id in an event, or None.

    It is the `correlationId`, directly or in the `metadata`, of a bus event's `detail` or of the `execution`
    that a step of a workflow belongs to.
    """
    for part in (_member(event, "detail"), _member(event, "execution")):
        for holder in (part, _member(part, "metadata")):
            if found := sane_correlation_id(_member(holder, "correlationId")):
                return found
    return None


def _member(holder: object, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else None
