"""The queue of user_erasure_requested events."""

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from service_kit.events import BusEvent, queue_handler
from web import wiring
from web.domain.events import UserErased

logger = Logger()


class UserErasureRequested(BaseModel):
    """What this service reads of the event."""

    model_config = ConfigDict(alias_generator=to_camel)

    erasure_id: str
    user_id: str


@queue_handler(uses=(wiring.acceptances, wiring.event_bus))
def handle(event: BusEvent[UserErasureRequested]) -> None:
    """Erase the person's acceptances, and announce it; a repeat changes nothing."""
    request = event.detail
    wiring.acceptances().remove_all(request.user_id)
    wiring.event_bus().publish_user_erased(UserErased(erasure_id=request.erasure_id))
    logger.info("user erased", erasure_id=request.erasure_id)
