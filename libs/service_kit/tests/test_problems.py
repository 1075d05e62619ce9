import json

import pytest

from service_kit.http import (
    BadRequest,
    Conflict,
    FieldError,
    NotFound,
    Problem,
    ProblemDocument,
    ServiceUnavailable,
    Unauthorized,
)
from service_kit.http import _problems as problems


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("BadRequest", 400),
        ("Unauthorized", 401),
        ("Forbidden", 403),
        ("NotFound", 404),
        ("Conflict", 409),
        ("PreconditionFailed", 412),
        ("PayloadTooLarge", 413),
        ("UnprocessableContent", 422),
        ("TooManyRequests", 429),
        ("InternalError", 500),
        ("ServiceUnavailable", 503),
    ],
)
def test_each_class_has_its_status(name: str, status: int) -> None:
    problem = getattr(problems, name)
    assert issubclass(problem, Problem)
    assert problem.status == status


def test_a_document_has_the_members_of_a_problem_and_the_request_id() -> None:
    assert NotFound("There is no such order.").document("r-1") == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no such order.",
        "requestId": "r-1",
    }


@pytest.mark.parametrize(
    "problem",
    [
        NotFound(),
        NotFound("There is no such order."),
        BadRequest(errors=[FieldError("body", "count", "Input should be less than 5")]),
        Conflict("Taken.", heldBy="o-1"),
        ServiceUnavailable(),
    ],
)
def test_a_document_is_what_is_documented(problem: Problem) -> None:
    document = problem.document("r-1")
    parsed = ProblemDocument.model_validate_json(json.dumps(document), strict=True)
    assert parsed.model_dump(by_alias=True, exclude_unset=True) == document


def test_a_document_without_detail_leaves_it_out() -> None:
    assert "detail" not in NotFound().document("r-1")


def test_extensions_are_added_but_replace_nothing() -> None:
    document = Conflict("Taken.", heldBy="o-1", requestId="forged").document("r-1")
    assert document["heldBy"] == "o-1"
    assert document["requestId"] == "r-1"


def test_a_bad_request_names_its_fields() -> None:
    problem = BadRequest(errors=[FieldError("body", "count", "Input should be less than 5")])
    assert problem.document("r-1")["errors"] == [
        {"location": "body", "field": "count", "message": "Input should be less than 5"}
    ]


def test_an_unavailable_service_says_when_to_come_back() -> None:
    assert ServiceUnavailable(retry_after_seconds=9).headers == {"retry-after": "9"}


def test_an_unauthorized_caller_is_told_how_to_authenticate() -> None:
    assert Unauthorized().headers == {"www-authenticate": "Bearer"}


def test_an_unauthorized_caller_may_be_told_more() -> None:
    problem = Unauthorized("Sign in.", headers={"x-hint": "a"}, hint="b")
    assert problem.headers == {"www-authenticate": "Bearer", "x-hint": "a"}
    document = problem.document("r-1")
    assert (document["detail"], document["hint"]) == ("Sign in.", "b")


def test_who_is_to_come_back_may_be_told_more() -> None:
    problem = ServiceUnavailable("Closed.", headers={"x-hint": "a"}, hint="b")
    assert problem.headers == {"retry-after": "5", "x-hint": "a"}
    document = problem.document("r-1")
    assert (document["detail"], document["hint"]) == ("Closed.", "b")


def test_a_bad_request_may_be_told_more() -> None:
    assert BadRequest().document("r-1")["detail"] == "The request is not valid."
    problem = BadRequest("No.", headers={"x-hint": "a"}, hint="b")
    assert problem.headers == {"x-hint": "a"}
    document = problem.document("r-1")
    assert (document["detail"], document["hint"], document["errors"]) == ("No.", "b", [])


def test_a_problem_says_in_the_log_what_it_says_to_the_caller() -> None:
    assert (str(NotFound("No such order.")), str(NotFound())) == ("No such order.", "Not Found")
