"""What this service knows of an order."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class OrderForRestaurant(BaseModel):
    """What this service reads of `order_placed` and `order_cancelled`.

    Fields that it does not know are passed on as they came; the customer is not passed on.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="allow")

    order_id: str
    restaurant_name: str
    customer_id: str | None = Field(default=None, exclude=True)
    placed_at: datetime | None = None


class OrderAnswered(BaseModel):
    """What this service reads of `order_accepted`, `order_rejected` and `order_expired`."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    order_id: str
    restaurant_name: str
    customer_id: str | None = None


class OrderChange(BaseModel):
    """What this service reads of any event of an order to tell pages; `order_placed` names no customer."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    restaurant_name: str
    customer_id: str | None = None
