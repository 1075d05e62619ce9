"""What stands in the paths of this service's routes."""

from typing import Annotated

from pydantic import BaseModel, Field


class OrderPath(BaseModel):
    """`/orders/{orderId}`."""

    order_id: Annotated[str, Field(alias="orderId", min_length=1, max_length=100)]
