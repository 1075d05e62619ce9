"""Submit a restaurant for review."""

import uuid
from datetime import UTC, datetime, timedelta

from restaurants.domain.errors import (
    EmailNotVerifiedError,
    RestaurantExistsError,
    SubmissionPendingError,
)
from restaurants.domain.models import Catalogue, Restaurant, email_key
from restaurants.domain.submissions import Reviews, Submission, Submissions, SubmissionState

MOST_PENDING = 5
"""How many submissions of one person may wait for an answer."""
_MOST_COUNTED = 100
_IDS = uuid.UUID("4bd2c3a4-8f0e-4f3c-9d55-3d1f6c0e7b52")


def submit_restaurant(
    catalogue: Catalogue,
    submissions: Submissions,
    reviews: Reviews,
    *,
    customer_id: str,
    email: str | None,
    restaurant: Restaurant,
    patience: timedelta,
) -> Submission:
    """Store a submission and start to wait for its review.

    A person has one submission for each name, so a repeat finds the first one; what was decided against, or
    has expired, may be submitted again.

    Raises:
        EmailNotVerifiedError: the person has no verified address.
        RestaurantExistsError: there is a restaurant of that name.
        SubmissionPendingError: the person has too many that wait, or one of that name with other details.
    """
    if email is None:
        raise EmailNotVerifiedError
    if catalogue.find(restaurant.name) is not None:
        raise RestaurantExistsError(restaurant.name)
    submission = Submission(
        submission_id=str(uuid.uuid5(_IDS, f"{customer_id}\n{restaurant.name}")),
        customer_id=customer_id,
        email=email_key(email),
        submitted_at=datetime.now(UTC),
        **restaurant.model_dump(),
    )
    own = submissions.of_customer(customer_id, after=None, count=_MOST_COUNTED).submissions
    others = [one for one in own if one.submission_id != submission.submission_id]
    if sum(one.state is SubmissionState.PENDING for one in others) >= MOST_PENDING:
        raise SubmissionPendingError(
            f"{MOST_PENDING} of your submissions wait for an answer. Try again later."
        )
    stored = submissions.add(submission)
    if (stored.image, stored.themes) != (submission.image, submission.themes):
        raise SubmissionPendingError("Your submission of this name, with other details, waits for an answer.")
    reviews.start(stored, patience=patience)
    return stored
