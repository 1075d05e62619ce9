"""Listing submissions."""

import pytest

from restaurants.domain.submissions import SubmissionState
from restaurants.handlers.get_submissions import handle
from service_kit.testing import Reply, call, rest_event

from .restaurants_fakes import FakeSubmissions, submission


def get(*, caller: str | None = "ada", groups: str | None = None, **query: str) -> Reply:
    return call(handle, rest_event(caller=caller, groups=groups, query=query))


@pytest.fixture(autouse=True)
def four(submissions: FakeSubmissions) -> None:
    for one in (
        submission("s-1"),
        submission("s-2", customer_id="bob"),
        submission("s-3", state=SubmissionState.EXPIRED),
        submission("s-4", review_token="a token"),
    ):
        submissions.by_id[one.submission_id] = one


def ids(reply: Reply) -> list[str]:
    return [one["submissionId"] for one in reply.document["submissions"]]


def test_a_person_sees_the_own_ones_in_pages() -> None:
    first = get()
    second = get(cursor=first.document["nextCursor"])
    assert (ids(first), ids(second), second.document["nextCursor"]) == (["s-1", "s-3"], ["s-4"], None)
    assert first.document["submissions"][0] == {
        "submissionId": "s-1",
        "name": "Ada's",
        "image": "https://restaurants.example/test/assets/images/fangtasia.svg",
        "themes": ["vampires"],
        "email": "ada@example.com",
        "state": "pending",
        "submittedAt": "2026-11-28T09:00:00Z",
    }


def test_reviewers_see_all_that_are_pending() -> None:
    first = get(caller="eve", groups="restaurant-admins", state="pending")
    second = get(
        caller="eve", groups="restaurant-admins", state="pending", cursor=first.document["nextCursor"]
    )
    assert ids(first) + ids(second) == ["s-1", "s-2", "s-4"]


def test_others_do_not_see_what_is_pending() -> None:
    assert get(state="pending").status == 403


def test_nobody_sees_a_task_token() -> None:
    assert "a token" not in get(caller="eve", groups="restaurant-admins", state="pending").text


@pytest.mark.parametrize(
    ("query", "field"), [({"state": "approved"}, "state"), ({"cursor": "made up"}, "cursor")]
)
def test_the_endpoint_answers_400_that_names_what_is_bad(query: dict[str, str], field: str) -> None:
    reply = get(**query)
    assert (reply.status, reply.bad_fields) == (400, [("query", field)])


def test_the_endpoint_answers_401_without_a_caller() -> None:
    assert get(caller=None).status == 401
