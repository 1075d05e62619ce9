"""The events that this service puts on the bus.

Consumers rely on them: fields are only ever added, as optional ones.
"""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class RestaurantNotified(BaseModel):
    """A restaurant was told of an order. Delivered at least once."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        title="restaurant_notified",
        json_schema_extra={
            "examples": [{"orderId": "0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c", "restaurantName": "Fangtasia"}]
        },
    )

    order_id: str = Field(description="Names the order; the key by which consumers tell repeats.")
    restaurant_name: str = Field(description="The restaurant that was told.")
