"""Submitting a restaurant for review."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from restaurants.domain.submissions import SubmissionState
from restaurants.handlers.submit_restaurant import ReviewConfig, handle
from service_kit.parameters import override_parameters
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeCatalogue, FakeReviews, FakeSubmissions, restaurant

DETAILS = {"name": "Ada's", "themes": ["vampires"]}

pytestmark = pytest.mark.usefixtures("catalogue", "submissions", "reviews")


@pytest.fixture(autouse=True)
def a_day_of_patience() -> Iterator[None]:
    with override_parameters(handle, config=ReviewConfig(patienceSeconds=86_400)):
        yield


def post(body: object, *, caller: str | None = "ada", **claims: object) -> Reply:
    event = rest_event(body, caller=caller)
    if caller is not None:
        event["requestContext"]["authorizer"]["claims"] |= claims
    return call(handle, event)


def test_a_submission_is_stored_and_its_review_waited_for(
    submissions: FakeSubmissions, reviews: FakeReviews
) -> None:
    reply = post(DETAILS, email="Ada@Example.com")
    (stored,) = submissions.by_id.values()
    assert (reply.status, reply.document) == (202, {"submissionId": stored.submission_id, "state": "pending"})
    assert (stored.customer_id, stored.email, stored.name) == ("ada", "ada@example.com", "Ada's")
    assert (stored.image, stored.themes) == ("assets/images/new-restaurant.svg", ("vampires",))
    assert reviews.started == [(stored.submission_id, timedelta(days=1))]


def test_a_repeat_is_the_same_submission(submissions: FakeSubmissions, reviews: FakeReviews) -> None:
    assert post(DETAILS).document == post(DETAILS).document
    assert len(submissions.by_id) == 1
    assert len(set(reviews.started)) == 1


def test_other_details_under_a_name_that_waits_are_a_conflict(submissions: FakeSubmissions) -> None:
    post(DETAILS)
    reply = post(DETAILS | {"themes": ["other"]})
    assert (reply.status, "other details" in reply.document["detail"]) == (409, True)
    assert [one.themes for one in submissions.by_id.values()] == [("vampires",)]


def test_two_people_may_submit_the_same_name(submissions: FakeSubmissions) -> None:
    assert [post(DETAILS, caller=caller).status for caller in ("ada", "bob")] == [202, 202]
    assert len(submissions.by_id) == 2


@pytest.mark.parametrize("state", [SubmissionState.REJECTED, SubmissionState.EXPIRED])
def test_what_was_decided_against_may_be_submitted_again(
    submissions: FakeSubmissions, state: SubmissionState
) -> None:
    submission_id = post(DETAILS).document["submissionId"]
    submissions.decide(submission_id, state)
    assert post(DETAILS | {"themes": []}).document == {"submissionId": submission_id, "state": "pending"}


def test_a_name_that_exists_is_a_conflict(catalogue: FakeCatalogue, submissions: FakeSubmissions) -> None:
    catalogue.put(restaurant("Ada's"))
    assert post(DETAILS).status == 409
    assert submissions.by_id == {}


def test_five_submissions_of_a_person_may_wait(submissions: FakeSubmissions) -> None:
    names = [f"Ada's {number}" for number in range(6)]
    assert [post(DETAILS | {"name": name}).status for name in names] == [202] * 5 + [409]
    assert post(DETAILS | {"name": names[0]}).status == 202
    assert post(DETAILS | {"name": names[5]}, caller="bob").status == 202
    assert len(submissions.by_id) == 6


def test_an_address_that_is_not_verified_is_refused(submissions: FakeSubmissions) -> None:
    assert post(DETAILS, email_verified="false").status == 403
    assert submissions.by_id == {}


def test_the_endpoint_answers_401_without_a_caller() -> None:
    assert post(DETAILS, caller=None).status == 401


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "search"}, "name"),
        ({"name": "submissions"}, "name"),
        ({"name": "a\u200bb"}, "name"),
        ({"image": "https://elsewhere.example/a.svg"}, "image"),
        ({"image": None}, "image"),
        ({"themes": ["x"] * 11}, "themes"),
        ({"themes": [""]}, "themes.0"),
    ],
)
def test_the_endpoint_answers_400_that_names_what_is_bad(details: dict[str, object], field: str) -> None:
    reply = post(DETAILS | details)
    assert (reply.status, reply.bad_fields) == (400, [("body", field)])
