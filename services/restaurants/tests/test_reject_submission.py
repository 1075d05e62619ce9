"""Rejecting a submission."""

import pytest

from restaurants.domain.submissions import SubmissionState
from restaurants.handlers.reject_submission import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeReviews, FakeSubmissions, submission


def reject(submission_id: str = "s-1", *, groups: str | None = "restaurant-admins") -> Reply:
    return call(
        handle, rest_event(path_parameters={"submissionId": submission_id}, caller="eve", groups=groups)
    )


@pytest.fixture(autouse=True)
def one_that_waits(submissions: FakeSubmissions) -> None:
    submissions.by_id["s-1"] = submission(review_token="a token")


def test_the_submission_is_rejected_once_and_its_wait_ended(reviews: FakeReviews) -> None:
    assert [reject().document["state"] for _ in range(2)] == ["rejected", "rejected"]
    assert set(reviews.ended) == {"a token"}


@pytest.mark.usefixtures("reviews")
@pytest.mark.parametrize("state", [SubmissionState.APPROVED, SubmissionState.EXPIRED])
def test_what_was_decided_otherwise_stays_so(submissions: FakeSubmissions, state: SubmissionState) -> None:
    submissions.by_id["s-1"] = submission(state=state)
    assert reject().status == 409
    assert submissions.by_id["s-1"].state is state


@pytest.mark.usefixtures("reviews")
def test_an_unknown_submission_is_not_found() -> None:
    assert reject("s-2").status == 404


def test_the_endpoint_refuses_everyone_but_reviewers() -> None:
    assert reject(groups=None).status == 403
