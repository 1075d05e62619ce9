"""The events that this service puts on the bus.

Consumers rely on them: fields are only ever added, as optional ones.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class OrderPlaced(BaseModel):
    """A customer placed an order, and it is stored. Delivered at least once."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        title="order_placed",
        json_schema_extra={
            "examples": [
                {
                    "orderId": "0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c",
                    "restaurantName": "Fangtasia",
                    "placedAt": "2026-01-31T18:30:00Z",
                }
            ]
        },
    )

    order_id: str = Field(description="Names the order; the key by which consumers tell repeats.")
    restaurant_name: str = Field(description="The restaurant that it was placed with.")
    placed_at: datetime | None = Field(default=None, description="When it was accepted, in UTC.")
