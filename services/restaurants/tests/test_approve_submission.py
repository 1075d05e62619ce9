"""Approving a submission."""

import pytest

from restaurants.domain.submissions import SubmissionState
from restaurants.handlers.approve_submission import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeReviews, FakeSubmissions, restaurant, submission

pytestmark = pytest.mark.usefixtures("catalogue")


def approve(
    submission_id: str = "s-1", *, caller: str | None = "eve", groups: str | None = "restaurant-admins"
) -> Reply:
    path = {"submissionId": submission_id}
    return call(handle, rest_event(path_parameters=path, caller=caller, groups=groups))


@pytest.fixture(autouse=True)
def one_that_waits(submissions: FakeSubmissions) -> None:
    submissions.by_id["s-1"] = submission(review_token="a token")


def test_the_submission_is_approved_and_its_wait_ended(reviews: FakeReviews) -> None:
    reply = approve()
    assert (reply.status, reply.document["state"]) == (200, "approved")
    assert reviews.ended == ["a token"]


def test_a_repeat_answers_the_same_and_ends_the_wait_that_an_interrupted_one_left(
    reviews: FakeReviews,
) -> None:
    assert approve().document == approve().document
    assert reviews.ended == ["a token", "a token"]


def test_before_anything_waits_there_is_nothing_to_end(
    submissions: FakeSubmissions, reviews: FakeReviews
) -> None:
    submissions.by_id["s-1"] = submission()
    assert approve().status == 200
    assert reviews.ended == []


def test_a_name_that_was_taken_meanwhile_is_rejected(
    catalogue: FakeCatalogue, submissions: FakeSubmissions, reviews: FakeReviews
) -> None:
    catalogue.put(restaurant("Ada's"))
    assert approve().status == 409
    assert submissions.by_id["s-1"].state is SubmissionState.REJECTED
    assert reviews.ended == ["a token"]


@pytest.mark.parametrize("state", [SubmissionState.REJECTED, SubmissionState.EXPIRED])
def test_what_was_decided_otherwise_stays_so(
    submissions: FakeSubmissions, reviews: FakeReviews, state: SubmissionState
) -> None:
    submissions.by_id["s-1"] = submission(state=state, review_token="a token")
    reply = approve()
    assert (reply.status, reply.document["detail"]) == (409, f"This submission is {state} already.")
    assert reviews.ended == []


@pytest.mark.usefixtures("reviews")
def test_an_unknown_submission_is_not_found() -> None:
    assert approve("s-2").status == 404


@pytest.mark.parametrize(
    ("groups", "caller", "status"),
    [(None, "ada", 403), ("customers", "ada", 403), ("restaurant-admins", None, 401)],
)
def test_the_endpoint_refuses_everyone_but_reviewers(
    submissions: FakeSubmissions, groups: str | None, caller: str | None, status: int
) -> None:
    assert approve(caller=caller, groups=groups).status == status
    assert submissions.by_id["s-1"].state is SubmissionState.PENDING
