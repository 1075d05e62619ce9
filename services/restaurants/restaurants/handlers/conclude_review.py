"""The last step of the workflow: a submission was reviewed, or its time is over."""

from aws_lambda_powertools import Logger
from pydantic import BaseModel, Field

from restaurants import wiring
from restaurants.domain.conclude_review import conclude_review
from service_kit.events import event_handler

logger = Logger()


class Step(BaseModel):
    """The step's input."""

    submission_id: str = Field(alias="submissionId")


@event_handler(uses=(wiring.catalogue, wiring.staff, wiring.submissions))
def handle(step: Step) -> dict[str, str | None]:
    """Open the restaurant of an approved submission, or let a pending one expire."""
    state = conclude_review(
        wiring.catalogue(), wiring.staff(), wiring.submissions(), submission_id=step.submission_id
    )
    logger.info("review concluded", submission_id=step.submission_id, state=state)
    return {"state": state}
