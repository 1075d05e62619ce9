"""The events that this service puts on the bus; their schemas stand in `auth`, which reads them."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class UserErased(BaseModel):
    """This service holds nothing of a person any more. Delivered at least once."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    erasure_id: str = Field(description="Names the request for erasure, and not the person.")
    service: str = Field(default="web", description="The service that has erased.")
