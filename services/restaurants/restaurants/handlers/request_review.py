"""A step of the workflow: stores the token that ends the wait for the reviewer."""

from pydantic import BaseModel, Field

from restaurants import wiring
from restaurants.domain.errors import SubmissionDecidedError, SubmissionNotFoundError
from service_kit.events import event_handler


class Step(BaseModel):
    """The step's input."""

    submission_id: str = Field(alias="submissionId")
    task_token: str = Field(alias="taskToken")


@event_handler(uses=(wiring.submissions, wiring.reviews))
def handle(step: Step) -> None:
    """Store the token with the submission; one that is decided or erased already is not waited for."""
    try:
        wiring.submissions().remember_token(step.submission_id, step.task_token)
    except (SubmissionDecidedError, SubmissionNotFoundError):
        wiring.reviews().end(step.task_token)
