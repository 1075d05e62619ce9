"""POST /restaurants/submissions/{submissionId}/approve."""

from restaurants import wiring
from restaurants.domain.errors import RestaurantExistsError, SubmissionDecidedError, SubmissionNotFoundError
from restaurants.domain.review_submission import approve_submission
from restaurants.handlers.submission import SubmissionId, SubmissionView, view
from service_kit.http import Conflict, NotFound, http_handler


@http_handler(
    group="restaurant-admins",
    errors={
        SubmissionNotFoundError: NotFound,
        SubmissionDecidedError: Conflict,
        RestaurantExistsError: Conflict,
    },
    uses=(wiring.catalogue, wiring.submissions, wiring.reviews),
)
def handle(submission_id: SubmissionId) -> SubmissionView:
    """Approve a submission: its restaurant opens, and the submitter becomes staff."""
    return view(
        approve_submission(
            wiring.catalogue(), wiring.submissions(), wiring.reviews(), submission_id=submission_id
        )
    )
