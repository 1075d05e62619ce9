"""Cognito's post-confirmation trigger."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from auth.adapters.user_pool import UserPool
from auth.domain.join_customers import join_customers
from service_kit.events import event_handler


class UserAttributes(BaseModel):
    """What of a user's attributes this service reads."""

    model_config = ConfigDict(extra="allow")

    email_verified: str = "false"


class ConfirmationRequest(BaseModel):
    """Whom a confirmation is about."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    user_attributes: UserAttributes = Field(alias="userAttributes")


class Confirmation(BaseModel):
    """What of Cognito's event this service reads; the rest is kept, since Cognito wants it back whole."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    user_pool_id: str = Field(alias="userPoolId")
    username: str = Field(alias="userName")
    trigger: str = Field(alias="triggerSource")
    request: ConfirmationRequest


@event_handler(Confirmation)
def handle(event: Confirmation) -> dict[str, Any]:
    """Make the confirmed user a customer and give Cognito its event back."""
    join_customers(
        UserPool(event.user_pool_id),
        username=event.username,
        trigger=event.trigger,
        email_verified=event.request.user_attributes.email_verified == "true",
    )
    return event.model_dump(by_alias=True, exclude_unset=True)
