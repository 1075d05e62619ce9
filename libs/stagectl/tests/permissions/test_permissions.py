"""What roles grant against what they were seen to do."""

from pathlib import Path
from typing import Any

import pytest

from stagectl.errors import StagectlError
from stagectl.permissions import calls, report, review
from stagectl.permissions.calls import Call
from stagectl.permissions.generic_names import generic
from stagectl.permissions.grants import Grant
from stagectl.permissions.report import Line
from stagectl.permissions.review import Review

TABLE = "arn:dynamodb:{there}:table/orders-{stage}"
PUT = Grant("orders/place-order", "dynamodb:PutItem", TABLE)
ALL = Grant("orders/place-order", "dynamodb:GetItem", f"{TABLE}/*")


def noted(role: str, action: str, resource: str, count: int = 1) -> dict[str, Any]:
    return {"role": role, "action": action, "resource": resource, "calls": count}


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("arn:aws:dynamodb:us-east-1:000000000000:table/orders-local", TABLE),
        ("arn:aws:sns:us-east-1:000000000000:orders-local-told", "arn:sns:{there}:orders-{stage}-told"),
        (
            "arn:aws:execute-api:us-east-1:000000000000:58fb6cca/local/GET/restaurants/local's",
            "arn:execute-api:{there}:{id}/{stage}/GET/restaurants/{stage}'s",
        ),
        (
            "arn:aws:dynamodb:us-east-1:000000000000:table/orders-local/stream/2026-11-21T12:54:35.279Z",
            f"{TABLE}/stream/{{id}}",
        ),
        (
            "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_8ybTtIRSD",
            "arn:cognito-idp:{there}:userpool/{id}",
        ),
        (
            "arn:aws:kms:us-east-1:000000000000:key/0bb33ac6-80bf-44d7-9263-fda97025dfe6",
            "arn:kms:{there}:key/{id}",
        ),
        ("*", "*"),
    ],
)
def test_a_resource_is_told_without_stage_place_and_ids(resource: str, name: str) -> None:
    assert generic(resource, "local") == name


def test_calls_of_several_stages_count_together_and_those_of_others_do_not() -> None:
    resource = "arn:aws:dynamodb:us-east-1:000000000000:table/orders-{}"
    seen = calls.in_general(
        [
            noted("orders-local-place-order", "dynamodb:PutItem", resource.format("local"), 2),
            noted(
                "orders-preview-trial-place-order", "dynamodb:PutItem", resource.format("preview-trial"), 3
            ),
            noted("orders-dev-place-order", "dynamodb:PutItem", resource.format("dev"), 5),
            noted("big-mouth-preview-tester", "dynamodb:PutItem", resource.format("local"), 7),
        ],
        ["local", "preview-trial"],
    )

    assert seen == [Call("orders/place-order", "dynamodb:PutItem", TABLE, 5)]


def test_a_grant_is_used_by_calls_of_its_function_that_it_fits() -> None:
    fitting = Call(ALL.function, ALL.action, f"{TABLE}/index/by-customer", 2)
    others = [
        Call("orders/get-order", ALL.action, f"{TABLE}/index/by-customer", 1),
        Call(ALL.function, "dynamodb:Query", f"{TABLE}/index/by-customer", 1),
        Call(ALL.function, ALL.action, TABLE, 1),
    ]

    assert report.compare([ALL], [fitting, *others]) == [Line(ALL, 2)]


def test_brackets_and_dots_mean_themselves() -> None:
    grant = Grant("a/b", "sqs:SendMessage", "arn:sqs:x[0].y?")

    def uses(resource: str) -> int:
        return report.compare([grant], [Call("a/b", "sqs:sendmessage", resource, 1)])[0].calls

    assert [
        uses(name) for name in ("arn:sqs:x[0].yz", "arn:sqs:x0.yz", "arn:sqs:x[0]-yz", "arn:sqs:x[0].y")
    ] == [
        1,
        0,
        0,
        0,
    ]


def reviewed(never_used: dict[Grant, str], wider_than_used: dict[Grant, str], *reasons: str) -> Review:
    return Review(dict.fromkeys(reasons, "because"), {}, never_used, wider_than_used, {})


def test_a_review_that_is_true_has_no_faults() -> None:
    true = reviewed({PUT: "why"}, {ALL: "so"}, "why", "so")

    assert list(review.faults([Line(PUT, 0), Line(ALL, 3)], true)) == []


def test_what_every_function_has_is_reviewed_once() -> None:
    logs = [
        Grant(
            f"orders/{name}", "logs:PutLogEvents", f"arn:logs:{{there}}:/aws/lambda/orders-{{stage}}-{name}:*"
        )
        for name in ("place-order", "get-order")
    ]
    once = Review(
        {"log": "because"},
        {("logs:PutLogEvents", "arn:logs:{there}:/aws/lambda/{function}:*"): "log"},
        {},
        {},
        {},
    )

    assert list(review.faults([Line(grant, 0) for grant in logs], once)) == []
    (used,) = review.faults([Line(logs[0], 1), Line(logs[1], 0)], once)
    assert "reviewed as never used by any function and was used" in used
    (gone,) = review.faults([], once)
    assert "granted to no function" in gone


@pytest.mark.parametrize("count", [0, 1])
def test_what_depends_on_chance_may_be_used_or_not(count: int) -> None:
    by_chance = Review({"why": "because"}, {}, {}, {}, {PUT: "why"})

    assert list(review.faults([Line(PUT, count)], by_chance)) == []
    (told,) = review.faults([], by_chance)
    assert "is reviewed and no longer granted" in told


@pytest.mark.parametrize(
    ("lines", "stated", "fault"),
    [
        ([Line(PUT, 0)], reviewed({}, {}), "is granted and was never used"),
        ([Line(ALL, 1)], reviewed({}, {}), "is wider than what was used"),
        ([], reviewed({PUT: "why"}, {}, "why"), "is reviewed and no longer granted"),
        ([Line(PUT, 1)], reviewed({PUT: "why"}, {}, "why"), "is reviewed as never used and was used"),
        ([Line(PUT, 1)], reviewed({}, {PUT: "why"}, "why"), "is reviewed as wider than used and is not"),
        ([Line(PUT, 0)], reviewed({PUT: "why"}, {}), "names an undefined reason why"),
        ([Line(PUT, 1)], reviewed({}, {}, "why"), "defines the reason why, which nothing uses"),
    ],
)
def test_a_review_that_is_not_true_is_told_where(lines: list[Line], stated: Review, fault: str) -> None:
    (told,) = review.faults(lines, stated)

    assert fault in told


def test_a_review_is_read_with_its_reasons(tmp_path: Path) -> None:
    path = tmp_path / "review.yml"
    path.write_text(
        "reasons: {why: because}\n"
        "never used by any function: {logs:PutLogEvents: {'log-group:/{function}': why}}\n"
        "never used:\n"
        "  orders/place-order:\n"
        "    dynamodb:PutItem:\n"
        f'      "{TABLE}": why\n'
        "wider than used: {}\n"
        "used when things fail: {}\n"
    )

    stated = Review.read(path)

    assert stated.never_used == {PUT: "why"}
    assert stated.reason(PUT) == "because"
    log = Grant("orders/place-order", "logs:PutLogEvents", "log-group:/orders-{stage}-place-order")
    assert stated.reason(log) == "because"
    assert stated.reason(ALL) is None


def test_a_file_that_is_no_review_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "review.yml").write_text("never used: {orders/place-order: [dynamodb:PutItem]}")

    with pytest.raises(StagectlError, match="is not a review"):
        Review.read(tmp_path / "review.yml")
