"""What follows from the review of a submission."""

import pytest

from restaurants.domain.submissions import SubmissionState
from restaurants.handlers.conclude_review import handle
from service_kit.testing import lambda_context

from .restaurants_fakes import FakeCatalogue, FakeStaff, FakeSubmissions, restaurant, submission

pytestmark = pytest.mark.usefixtures("staff", "submissions")


def conclude() -> object:
    return handle({"submissionId": "s-1"}, lambda_context())["state"]


def test_an_approved_restaurant_opens_with_its_submitter_as_staff(
    catalogue: FakeCatalogue, staff: FakeStaff, submissions: FakeSubmissions
) -> None:
    submissions.by_id["s-1"] = submission(state=SubmissionState.APPROVED)
    for _ in range(2):
        assert conclude() == "approved"
    assert catalogue.by_name == {"Ada's": restaurant("Ada's", "vampires")}
    assert list(staff.members) == [("Ada's", "ada@example.com")]


def test_a_name_that_was_taken_meanwhile_is_rejected(
    catalogue: FakeCatalogue, staff: FakeStaff, submissions: FakeSubmissions
) -> None:
    catalogue.put(restaurant("Ada's", "vampires"))
    submissions.by_id["s-1"] = submission(state=SubmissionState.APPROVED)
    assert conclude() == "rejected"
    assert submissions.by_id["s-1"].state is SubmissionState.REJECTED
    assert staff.members == {}


def test_of_two_approved_submissions_of_a_name_one_opens(
    staff: FakeStaff, submissions: FakeSubmissions
) -> None:
    for submission_id, email in (("s-2", "bob@example.com"), ("s-1", "ada@example.com")):
        one = submission(submission_id, state=SubmissionState.APPROVED, email=email)
        submissions.by_id[submission_id] = one
    handle({"submissionId": "s-2"}, lambda_context())
    assert conclude() == "rejected"
    assert list(staff.members) == [("Ada's", "bob@example.com")]


def test_a_submission_without_a_review_expires(
    catalogue: FakeCatalogue, submissions: FakeSubmissions
) -> None:
    submissions.by_id["s-1"] = submission()
    assert conclude() == "expired"
    assert submissions.by_id["s-1"].state is SubmissionState.EXPIRED
    assert catalogue.by_name == {}


@pytest.mark.parametrize("state", [SubmissionState.REJECTED, SubmissionState.EXPIRED])
def test_nothing_follows_from_what_was_decided_against(
    catalogue: FakeCatalogue, submissions: FakeSubmissions, state: SubmissionState
) -> None:
    submissions.by_id["s-1"] = submission(state=state)
    assert conclude() == state
    assert catalogue.by_name == {}


def test_nothing_follows_from_a_submission_that_was_erased(catalogue: FakeCatalogue) -> None:
    assert conclude() is None
    assert catalogue.by_name == {}


def test_an_approval_at_the_moment_of_expiry_wins(
    catalogue: FakeCatalogue, submissions: FakeSubmissions, monkeypatch: pytest.MonkeyPatch
) -> None:
    submissions.by_id["s-1"] = submission()
    decide = submissions.decide

    def approve_first(submission_id: str, state: SubmissionState) -> object:
        monkeypatch.setattr(submissions, "decide", decide)
        decide(submission_id, SubmissionState.APPROVED)
        return decide(submission_id, state)

    monkeypatch.setattr(submissions, "decide", approve_first)
    assert conclude() == "approved"
    assert list(catalogue.by_name) == ["Ada's"]
