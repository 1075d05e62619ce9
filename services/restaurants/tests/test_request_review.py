"""The step of the workflow that stores the task token."""

import pytest

from restaurants.domain.submissions import SubmissionState
from restaurants.handlers.request_review import handle
from service_kit.testing import lambda_context

from .restaurants_fakes import FakeReviews, FakeSubmissions, submission

STEP = {"submissionId": "s-1", "taskToken": "a token"}


def test_the_token_is_stored(submissions: FakeSubmissions) -> None:
    submissions.by_id["s-1"] = submission()
    handle(STEP, lambda_context())
    assert submissions.by_id["s-1"].review_token == "a token"


def test_a_submission_that_was_decided_before_is_not_waited_for(
    submissions: FakeSubmissions, reviews: FakeReviews
) -> None:
    submissions.by_id["s-1"] = submission(state=SubmissionState.APPROVED)
    handle(STEP, lambda_context())
    assert reviews.ended == ["a token"]


@pytest.mark.usefixtures("submissions")
def test_a_submission_that_was_erased_is_not_waited_for(reviews: FakeReviews) -> None:
    handle(STEP, lambda_context())
    assert reviews.ended == ["a token"]
