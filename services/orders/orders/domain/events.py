"""The events that this service puts on the bus.

Consumers rely on them: fields are only ever added, as optional ones.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema

from service_kit.personal_data import PersonalData

EXAMPLE = {
    "orderId": "0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c",
    "restaurantName": "Fangtasia",
    "placedAt": "2026-01-31T18:30:00Z",
}


def _config(name: str, **example: str) -> ConfigDict:
    extra: dict[str, Any] = {"examples": [EXAMPLE | example]}
    return ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        title=name,
        json_schema_extra=extra,
    )


class OrderEvent(BaseModel):
    """What all events of an order say."""

    detail_type: ClassVar[str]

    order_id: str = Field(description="Names the order; the key by which consumers tell repeats.")
    restaurant_name: str = Field(description="The restaurant that it was placed with.")
    placed_at: datetime | None = Field(default=None, description="When it was accepted, in UTC.")
    # It is published in the metadata.
    correlation_id: SkipJsonSchema[str | None] = Field(default=None, exclude=True)


class OrderPlaced(OrderEvent):
    """A customer placed an order, and it is stored. Delivered at least once."""

    detail_type = "order_placed"
    model_config = _config("order_placed", answerBy="2026-01-31T18:45:00Z")

    answer_by: datetime | None = Field(
        default=None, description="When it expires unless its restaurant has answered, in UTC."
    )


class OrderAnswered(OrderEvent):
    """What all events say that end the waiting for a restaurant's answer."""

    customer_id: Annotated[str | None, PersonalData("pseudonym")] = Field(
        default=None, description="Whose order it is: the user's `sub`, which alone identifies no person."
    )


class OrderAccepted(OrderAnswered):
    """The restaurant took the order. Delivered at least once."""

    detail_type = "order_accepted"
    model_config = _config("order_accepted", customerId="90834ff6-ccd5-4ad3-9046-876679cdcf0e")


class OrderRejected(OrderAnswered):
    """The restaurant declined the order. Delivered at least once."""

    detail_type = "order_rejected"
    model_config = _config("order_rejected", customerId="90834ff6-ccd5-4ad3-9046-876679cdcf0e")


class OrderCancelled(OrderAnswered):
    """Its customer withdrew the order before it was answered. Delivered at least once."""

    detail_type = "order_cancelled"
    model_config = _config("order_cancelled", customerId="90834ff6-ccd5-4ad3-9046-876679cdcf0e")


class OrderExpired(OrderAnswered):
    """The restaurant did not answer the order in time, and it is cancelled. Delivered at least once."""

    detail_type = "order_expired"
    model_config = _config("order_expired", customerId="90834ff6-ccd5-4ad3-9046-876679cdcf0e")


class UserErased(BaseModel):
    """This service holds no data of a person any more; the schema is the one of auth, which asks for it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    erasure_id: str
    service: str = "orders"
