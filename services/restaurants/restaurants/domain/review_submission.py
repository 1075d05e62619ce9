"""Decide on a submission."""

from restaurants.domain.errors import RestaurantExistsError
from restaurants.domain.models import Catalogue
from restaurants.domain.submissions import Reviews, Submission, Submissions, SubmissionState


def approve_submission(
    catalogue: Catalogue, submissions: Submissions, reviews: Reviews, *, submission_id: str
) -> Submission:
    """Approve a pending submission; the workflow then opens its restaurant. A repeat changes nothing.

    Raises:
        SubmissionNotFoundError: there is none of that id.
        SubmissionDecidedError: it was rejected or has expired.
        RestaurantExistsError: its name was taken meanwhile; it is rejected.
    """
    found = submissions.find(submission_id)
    if (
        found is not None
        and found.state is SubmissionState.PENDING
        and catalogue.find(found.name) is not None
    ):
        reject_submission(submissions, reviews, submission_id=submission_id)
        raise RestaurantExistsError(found.name)
    return _decide(submissions, reviews, submission_id, SubmissionState.APPROVED)


def reject_submission(submissions: Submissions, reviews: Reviews, *, submission_id: str) -> Submission:
    """Reject a pending submission. A repeat changes nothing.

    Raises:
        SubmissionNotFoundError: there is none of that id.
        SubmissionDecidedError: it was approved or has expired.
    """
    return _decide(submissions, reviews, submission_id, SubmissionState.REJECTED)


def _decide(
    submissions: Submissions, reviews: Reviews, submission_id: str, state: SubmissionState
) -> Submission:
    decided = submissions.decide(submission_id, state)
    # Also for a repeat: the first call may have ended before this. Without a token nothing waits yet, and the
    # step that would wait finds the submission decided and ends the wait itself.
    if decided.review_token is not None:
        reviews.end(decided.review_token)
    return decided
