"""What every event of the product says about itself, beside what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from service_kit.invocation import correlation_id as current_correlation_id

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EventMetadata", "event_detail"]


class EventMetadata(BaseModel):
    """The member `metadata` of every event."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        json_schema_extra={"description": "For whoever follows an event or reads many kinds of them."},
    )

    correlation_id: str | None = Field(
        default=None, description="Names, in all logs, the request that this began with."
    )
    schema_version: str = Field(
        default="1", description="Changes when consumers have to, and never for an added field."
    )


def event_detail(event: BaseModel, *, correlation_id: str | None = None) -> str:
    """Return the detail of an event as JSON, with its metadata.

    Args:
        event: What happened, dumped by its aliases.
        correlation_id: By default the one of the running invocation.
    """
    metadata = EventMetadata(correlation_id=correlation_id or current_correlation_id())
    detail: Mapping[str, object] = {**event.model_dump(by_alias=True), "metadata": metadata}
    return to_json(detail).decode()
