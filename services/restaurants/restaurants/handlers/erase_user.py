"""The queue of user_erasure_requested events."""

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from restaurants import wiring
from restaurants.domain.erase_user import erase_user
from service_kit.events import BusEvent, queue_handler

logger = Logger()


class UserErasureRequested(BaseModel):
    """What this service reads of the event."""

    model_config = ConfigDict(alias_generator=to_camel)

    erasure_id: str
    user_id: str
    email: str


@queue_handler(uses=(wiring.favourites, wiring.staff, wiring.submissions, wiring.event_bus))
def handle(event: BusEvent[UserErasureRequested]) -> None:
    """Erase what this service holds of the person."""
    request = event.detail
    erase_user(
        wiring.favourites(),
        wiring.staff(),
        wiring.submissions(),
        wiring.event_bus(),
        erasure_id=request.erasure_id,
        user_id=request.user_id,
        email=request.email,
    )
    logger.info("user erased", erasure_id=request.erasure_id)
