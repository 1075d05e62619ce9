"""POST /restaurants/submissions/{submissionId}/reject."""

from restaurants import wiring
from restaurants.domain.errors import SubmissionDecidedError, SubmissionNotFoundError
from restaurants.domain.review_submission import reject_submission
from restaurants.handlers.submission import SubmissionId, SubmissionView, view
from service_kit.http import Conflict, NotFound, http_handler


@http_handler(
    group="restaurant-admins",
    errors={
        SubmissionNotFoundError: NotFound,
        SubmissionDecidedError: Conflict,
    },
    uses=(wiring.submissions, wiring.reviews),
)
def handle(submission_id: SubmissionId) -> SubmissionView:
    """Reject a submission."""
    return view(reject_submission(wiring.submissions(), wiring.reviews(), submission_id=submission_id))
