"""Do what follows from the review of a submission, or from its time being over."""

from contextlib import suppress
from datetime import UTC, datetime

from restaurants.domain.errors import RestaurantNotFoundError, SubmissionDecidedError
from restaurants.domain.models import Catalogue, Restaurant, Staff, StaffMember
from restaurants.domain.submissions import Submissions, SubmissionState


def conclude_review(
    catalogue: Catalogue, staff: Staff, submissions: Submissions, *, submission_id: str
) -> SubmissionState | None:
    """Open the restaurant of an approved submission, or let a pending one expire.

    The submission's state decides, and each step may be repeated.

    Returns:
        The submission's final state; None when it was erased.
    """
    found = submissions.find(submission_id)
    if found is None:
        return None
    if found.state is SubmissionState.PENDING:
        with suppress(SubmissionDecidedError):
            return submissions.decide(submission_id, SubmissionState.EXPIRED).state
        # Decided at this very moment.
        return conclude_review(catalogue, staff, submissions, submission_id=submission_id)
    if found.state is not SubmissionState.APPROVED:
        return found.state
    restaurant = Restaurant(name=found.name, image=found.image, themes=found.themes)
    if not catalogue.add(restaurant, origin=submission_id):
        submissions.refuse(submission_id)
        return SubmissionState.REJECTED
    # An administrator may have deleted it again.
    with suppress(RestaurantNotFoundError):
        staff.add(found.name, StaffMember(email=found.email, since=datetime.now(UTC)))
    return found.state
