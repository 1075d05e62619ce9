"""Cognito's post-confirmation trigger."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from auth.adapters.user_pool import UserPoolGroups
from auth.domain.join_customers import join_customers
from service_kit.events import event_handler


class Confirmation(BaseModel):
    """What of Cognito's event this service reads; the rest is kept, since Cognito wants it back whole."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    user_pool_id: str = Field(alias="userPoolId")
    username: str = Field(alias="userName")
    trigger: str = Field(alias="triggerSource")


@event_handler(Confirmation)
def handle(event: Confirmation) -> dict[str, Any]:
    """Put the confirmed user into `customers` and give Cognito its event back."""
    join_customers(
        UserPoolGroups(), user_pool_id=event.user_pool_id, username=event.username, trigger=event.trigger
    )
    return event.model_dump(by_alias=True)
