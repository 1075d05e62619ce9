"""Which change of a template permits more than before, and which only looks different."""

from typing import Any

import pytest

from stagectl.diff import iam_diff, iam_statements
from stagectl.diff.iam_diff import Kind, PermissionChange
from stagectl.diff.iam_statements import Names

TABLE, INDEX = {"Fn::GetAtt": ["Table", "Arn"]}, {"Fn::Sub": "${Table.Arn}/index/by-customer"}
SIGNED_FOR = {"StringEquals": {"aws:SourceAccount": "1"}}


def allow(actions: Any, resources: Any = TABLE, condition: Any = None, **more: Any) -> dict[str, Any]:
    return (
        {"Effect": "Allow", "Action": actions, "Resource": resources}
        | more
        | ({"Condition": condition} if condition else {})
    )


def role(*statements: Any, **properties: Any) -> dict[str, Any]:
    policy = {"PolicyName": "own", "PolicyDocument": {"Statement": list(statements)}}
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy], **properties}}


def compare(before: Any, after: Any) -> list[PermissionChange]:
    """Compare what a resource of two templates permits; None for none."""
    old, new = (
        iam_statements.of_template({"Resources": {"R": one} if one else {}}) for one in (before, after)
    )
    return iam_diff.compare(old, new)


def between(before: Any, after: Any) -> list[tuple[Kind, tuple[str, ...], set[str]]]:
    """Compare two policies of a role: give kinds, reasons and actions of the changes."""
    return [
        (one.kind, one.reasons, set(one.statement.actions.patterns))
        for one in compare(role(*before), role(*after))
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            [allow(["dynamodb:GetItem", "dynamodb:Query"])],
            [allow("dynamodb:Query"), allow("dynamodb:GetItem")],
        ),
        ([allow("dynamodb:GetItem", [TABLE, INDEX])], [allow(["dynamodb:GetItem"], [INDEX, TABLE])]),
        ([allow("dynamodb:GetItem")], [allow("DynamoDB:getitem")]),
        ([allow("dynamodb:GetItem"), allow("dynamodb:GetItem")], [allow("dynamodb:GetItem")]),
        (
            [allow("dynamodb:GetItem", {"Fn::Join": ["", [TABLE, "/index/", "a"]]})],
            [allow("dynamodb:GetItem", {"Fn::Sub": "${Table.Arn}/index/a"})],
        ),
        ([allow("dynamodb:*")], [allow(["dynamodb:*", "dynamodb:GetItem"])]),
    ],
    ids=["split", "order", "case", "repetition", "spelling", "already covered"],
)
def test_what_permits_the_same_is_no_change(before: Any, after: Any) -> None:
    assert between(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (allow("dynamodb:GetItem"), allow(["dynamodb:GetItem", "dynamodb:Scan"]), "new action"),
        (allow("dynamodb:GetItem"), allow("dynamodb:Get*"), "broader action"),
        (
            allow("sqs:SendMessage", "arn:aws:sqs:::a"),
            allow("sqs:SendMessage", "arn:aws:sqs:::*"),
            "broader resource",
        ),
        (allow("sqs:SendMessage", TABLE, SIGNED_FOR), allow("sqs:SendMessage"), "condition lost"),
        (
            allow("sqs:SendMessage", TABLE, SIGNED_FOR),
            allow("sqs:SendMessage", TABLE, {"StringEquals": {"aws:SourceAccount": ["1", "2"]}}),
            "condition lost",
        ),
        (
            allow("sqs:SendMessage", TABLE, SIGNED_FOR),
            allow("sqs:SendMessage", TABLE, {"StringEqualsIfExists": {"aws:SourceAccount": "1"}}),
            "condition lost",
        ),
        (
            allow("sqs:SendMessage", TABLE, {"StringNotEquals": {"aws:SourceAccount": ["1", "2"]}}),
            allow("sqs:SendMessage", TABLE, {"StringNotEquals": {"aws:SourceAccount": ["1"]}}),
            "condition lost",
        ),
    ],
)
def test_what_permits_more_is_widened_and_says_why(before: Any, after: Any, reason: str) -> None:
    [(kind, reasons, _)] = between([before], [after])

    assert (kind, reasons) == (Kind.WIDENED, (reason,))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (allow("dynamodb:*"), allow("dynamodb:GetItem")),
        (allow("sqs:SendMessage", "*"), allow("sqs:SendMessage")),
        (allow("sqs:SendMessage"), allow("sqs:SendMessage", TABLE, SIGNED_FOR)),
        (
            allow("sqs:SendMessage", TABLE, {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*"}}),
            allow("sqs:SendMessage", TABLE, {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:*"}}),
        ),
    ],
)
def test_what_permits_less_is_narrowed_and_nothing_else(before: Any, after: Any) -> None:
    assert [(kind, reasons) for kind, reasons, _ in between([before], [after])] == [(Kind.NARROWED, ())]


def test_a_permission_on_something_else_is_added() -> None:
    before, added = allow("dynamodb:GetItem"), allow("sqs:SendMessage", {"Fn::GetAtt": ["Queue", "Arn"]})

    assert between([before], [before, added]) == [(Kind.ADDED, (), {"sqs:SendMessage"})]
    assert between([before, added], [before]) == [(Kind.REMOVED, (), {"sqs:SendMessage"})]


@pytest.mark.parametrize(
    ("statement", "reasons"),
    [
        (allow("*", "*"), ("every action", "every resource")),
        (allow("sqs:*"), ("every action",)),
        (allow("states:SendTaskSuccess", "*"), ("every resource",)),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE}, ("everything except what is named",)),
    ],
)
def test_a_sweeping_permission_counts_as_wider_also_when_its_role_is_new(
    statement: Any, reasons: Any
) -> None:
    [change] = compare(None, role(statement))

    assert (change.kind, change.reasons, change.is_wider) == (Kind.ADDED, reasons, True)


def test_a_new_role_that_names_what_it_is_for_is_added_and_not_wider() -> None:
    [change] = compare(None, role(allow("dynamodb:GetItem")))

    assert (change.kind, change.is_wider) == (Kind.ADDED, False)


def test_what_is_forbidden_no_more_is_wider() -> None:
    deny = allow("dynamodb:DeleteItem") | {"Effect": "Deny"}

    assert [(one.holder, one.kind, one.reasons) for one in compare(role(deny), role())] == [
        ("role R", Kind.WIDENED, ("is no longer denied",))
    ]
    assert [(one.holder, one.kind, one.reasons) for one in compare(role(), role(deny))] == [
        ("role R", Kind.NARROWED, ())
    ]


def test_a_denial_that_holds_more_seldom_is_wider() -> None:
    deny = allow("dynamodb:DeleteItem") | {"Effect": "Deny"}
    seldom = deny | {"Condition": SIGNED_FOR}

    assert (Kind.WIDENED, ("is no longer denied",), {"dynamodb:DeleteItem"}) in between([deny], [seldom])
    assert [kind for kind, _, _ in between([seldom], [deny])] == [Kind.NARROWED]


def test_a_boundary_that_goes_is_wider_and_a_managed_policy_too() -> None:
    [gone] = compare(role(PermissionsBoundary="arn:aws:iam::1:policy/b"), role())
    [managed] = compare(role(), role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]))

    assert (gone.reasons, managed.reasons) == (("is no longer denied",), ("a managed policy",))


def test_who_may_take_on_a_role_is_compared() -> None:
    def trusting(*services: str) -> dict[str, Any]:
        trust = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
        return role(AssumeRolePolicyDocument={"Statement": [trust]})

    [change] = compare(
        trusting("lambda.amazonaws.com"), trusting("lambda.amazonaws.com", "ec2.amazonaws.com")
    )
    assert (change.holder, change.reasons) == ("trust of role R", ("new principal",))
    assert change.statement.principals.patterns == {"Service:ec2.amazonaws.com"}


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("AWS::SQS::QueuePolicy", "PolicyDocument"),
        ("AWS::SNS::TopicPolicy", "PolicyDocument"),
        ("AWS::S3::BucketPolicy", "PolicyDocument"),
        ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
        ("AWS::IAM::Policy", "PolicyDocument"),
        ("AWS::KMS::Key", "KeyPolicy"),
        ("AWS::ApiGateway::RestApi", "Policy"),
    ],
)
@pytest.mark.parametrize("everybody", ["*", {"AWS": "*"}])
def test_opening_a_resource_to_everybody_is_wider(kind: str, element: str, everybody: Any) -> None:
    def policy(principal: Any, condition: Any) -> dict[str, Any]:
        statement = allow("sqs:SendMessage", TABLE, condition, Principal=principal)
        return {"Type": kind, "Properties": {element: {"Statement": [statement]}}}

    [change] = compare(policy({"Service": "events.amazonaws.com"}, SIGNED_FOR), policy(everybody, None))[:1]
    assert (change.kind, "for everyone" in change.reasons) == (Kind.WIDENED, True)


def test_a_bus_whose_statement_opens_is_wider() -> None:
    def bus(account: str) -> dict[str, Any]:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": account},
            "Action": "events:PutEvents",
            "Resource": "b",
        }
        return {"Type": "AWS::Events::EventBusPolicy", "Properties": {"Statement": statement}}

    assert [one.kind for one in compare(bus("1"), bus("*"))] == [Kind.WIDENED]


def test_a_lambda_permission_without_its_source_is_wider() -> None:
    def permission(**source: Any) -> dict[str, Any]:
        properties = {"FunctionName": {"Fn::GetAtt": ["Place", "Arn"]}, "Principal": "sns.amazonaws.com"}
        properties |= {"Action": "lambda:InvokeFunction", **source}
        return {"Type": "AWS::Lambda::Permission", "Properties": properties}

    [change] = compare(permission(SourceArn={"Ref": "Topic"}), permission())
    assert (change.holder, change.reasons) == ("callers of Place", ("condition lost",))


def method(kind: str, http_method: str = "GET", integration: str = "AWS_PROXY") -> dict[str, Any]:
    properties = {"HttpMethod": http_method, "AuthorizationType": kind, "Integration": {"Type": integration}}
    return {"Type": "AWS::ApiGateway::Method", "Properties": properties}


def test_a_route_that_loses_its_authorizer_is_wider() -> None:
    [change] = [one for one in compare(method("AWS_IAM"), method("NONE")) if one.kind is not Kind.REMOVED]

    assert (change.kind, "for everyone" in change.reasons) == (Kind.WIDENED, True)


def test_a_browsers_question_before_a_call_permits_nothing() -> None:
    assert compare(None, method("NONE", "OPTIONS", "MOCK")) == []


def test_a_pattern_takes_nothing_from_what_cloudformation_fills_in() -> None:
    one, other = {"Fn::Sub": "arn:${A}-b"}, {"Fn::Sub": "arn:${AX}-b"}

    assert [
        kind for kind, _, _ in between([allow("sqs:SendMessage", one)], [allow("sqs:SendMessage", other)])
    ] == [
        Kind.ADDED,
        Kind.REMOVED,
    ]


SECURE = {"Bool": {"aws:SecureTransport": "true"}}


@pytest.mark.parametrize(
    "condition",
    [
        SECURE,
        {"StringEqualsIfExists": {"aws:SourceAccount": "1"}},
        {"StringNotEquals": {"aws:SourceAccount": ["1", "2"]}},
        {"NumericLessThan": {"s3:max-keys": "10"}},
        {"ForAllValues:StringLike": {"aws:TagKeys": ["a*"]}},
    ],
)
def test_a_condition_that_stays_is_no_change(condition: Any) -> None:
    statement = allow("sqs:SendMessage", TABLE, condition)

    assert between([statement], [statement]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SECURE, {"Bool": {"aws:SecureTransport": "false"}}),
        (SIGNED_FOR, {"StringEquals": {"aws:PrincipalAccount": "1"}}),
        (SIGNED_FOR, {"StringNotEquals": {"aws:SourceAccount": "1"}}),
        ({"StringEquals": {"a:b": "x*"}}, {"StringEquals": {"a:b": "xy"}}),
        ({"StringLike": {"a:b": "x*"}}, {"StringLike": {"a:b": "*"}}),
        ({"StringNotLike": {"a:b": "x*"}}, {"StringNotLike": {"a:b": "xy"}}),
        ({"NumericLessThan": {"a:b": "10"}}, {"NumericLessThan": {"a:b": "20"}}),
        ({"ForAllValues:StringEquals": {"a:b": "x"}}, {"ForAnyValue:StringEquals": {"a:b": "x"}}),
        (SIGNED_FOR | SECURE, SIGNED_FOR),
        (SIGNED_FOR | SECURE, SECURE),
    ],
)
def test_a_condition_that_may_hold_more_often_is_lost(before: Any, after: Any) -> None:
    old, new = (allow("sqs:SendMessage", TABLE, condition) for condition in (before, after))

    [(kind, reasons, _)] = [one for one in between([old], [new]) if one[0] is Kind.WIDENED]
    assert (kind, reasons) == (Kind.WIDENED, ("condition lost",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"StringEqualsIfExists": {"a:b": ["1", "2"]}}, {"StringEqualsIfExists": {"a:b": "1"}}),
        ({"StringEqualsIfExists": {"a:b": "1"}}, {"StringEquals": {"a:b": "1"}}),
        ({"StringEqualsIfExists": {"a:b": ["1", "2"]}}, {"StringEquals": {"A:B": "1"}}),
        ({"StringNotEquals": {"a:b": "1"}}, {"StringNotEquals": {"a:b": ["1", "2"]}}),
        ({"StringNotEqualsIfExists": {"a:b": "1"}}, {"StringNotEqualsIfExists": {"a:b": ["1", "2"]}}),
        ({"ForAllValues:StringEquals": {"a:b": ["1", "2"]}}, {"ForAllValues:StringEquals": {"a:b": "1"}}),
        ({"ArnNotLike": {"a:b": "1"}}, {"ArnNotLike": {"a:b": ["1", "2"]}}),
        (SECURE, SIGNED_FOR | SECURE),
    ],
)
def test_a_condition_that_holds_less_often_narrows(before: Any, after: Any) -> None:
    old, new = (allow("sqs:SendMessage", TABLE, condition) for condition in (before, after))

    assert [(kind, reasons) for kind, reasons, _ in between([old], [new])] == [(Kind.NARROWED, ())]


def test_a_condition_elsewhere_says_nothing_of_a_new_permission() -> None:
    signed = allow("sqs:SendMessage", TABLE, SIGNED_FOR)
    added = allow("dynamodb:GetItem", INDEX)

    assert between([signed], [signed, added]) == [(Kind.ADDED, (), {"dynamodb:GetItem"})]


@pytest.mark.parametrize("turned", [{"NotResource": "a"}, {"NotPrincipal": {"AWS": "1"}, "Resource": "a"}])
def test_a_permission_for_everything_but_what_is_named_counts_as_wider(turned: Any) -> None:
    [change] = compare(None, role({"Effect": "Allow", "Action": "sqs:SendMessage", **turned}))

    assert change.reasons == ("everything except what is named",)


def but(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "NotAction": list(actions), "Resource": "a"} | more


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (but("iam:*", "sts:*"), but("iam:*")),
        (allow("sqs:SendMessage", "a"), but("iam:*")),
        (but("iam:*"), but("sts:*")),
        (but("iam:Get*"), but("iam:GetRole")),
        (
            allow("sqs:*", NotResource=["a", "b"], Resource=None),
            allow("sqs:*", NotResource="a", Resource=None),
        ),
    ],
)
def test_more_beside_what_is_named_is_reported(before: Any, after: Any) -> None:
    old, new = ({name: said for name, said in one.items() if said} for one in (before, after))
    [change] = [one for one in compare(role(old), role(new)) if one.is_wider]

    assert "everything except what is named" in change.reasons


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (but("iam:*"), but("iam:*", "sts:*")),
        (but("iam:GetRole"), but("iam:Get*")),
        (allow("*", "a"), but("iam:*")),
    ],
)
def test_less_beside_what_is_named_is_not_wider(before: Any, after: Any) -> None:
    assert [one.kind for one in compare(role(before), role(after))] == [Kind.NARROWED]


def test_a_new_permission_on_what_another_one_leaves_out_is_reported() -> None:
    turned, added = but("iam:*"), allow("iam:GetRole", "a")

    assert between([turned], [turned, added]) == [(Kind.WIDENED, ("new action",), {"iam:GetRole"})]


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        (allow("sqs:Send", "a/*"), allow("sqs:Purge", "a/b"), ("new action",)),
        (allow("sqs:Send", "a/b"), allow("sqs:Purge", "a/*"), ("new action",)),
        (allow("sqs:SendMessage", "a/*"), allow("sqs:Send*", "a/b"), ("broader action",)),
        (allow("sqs:SendMessage", "a/b"), allow("sqs:Send*", "a/*"), ("broader action",)),
        (allow("sqs:Send*", "a/b"), allow("sqs:SendMessage", "a/*"), ("broader resource",)),
        (allow("SQS:send", "a/b"), allow("sqs:Send", "a/*"), ("broader resource",)),
    ],
)
def test_every_reason_that_holds_is_given_and_no_other(before: Any, after: Any, reasons: Any) -> None:
    found = [one for one in between([before], [before, after]) if one[0] is not Kind.REMOVED]

    assert [(kind, said) for kind, said, _ in found] == [(Kind.WIDENED, reasons)]


def test_what_is_given_alike_is_told_together() -> None:
    before = allow("sqs:SendMessage", "a")
    after = allow(["sqs:SendMessage", "sns:Publish", "sns:Subscribe"], ["b", "c"])

    [given, taken] = compare(role(before), role(after))

    assert (given.kind, given.holder) == (Kind.ADDED, "role R")
    assert given.statement.actions.patterns == {"sqs:SendMessage", "sns:Publish", "sns:Subscribe"}
    assert given.statement.resources.patterns == {"b", "c"}
    assert (taken.kind, set(taken.statement.resources.patterns)) == (Kind.REMOVED, {"a"})


def test_only_what_is_new_of_a_statement_is_told() -> None:
    [change] = compare(
        role(allow("sqs:SendMessage", ["a", "b"])), role(allow("sqs:SendMessage", ["a", "c"]))
    )[:1]

    assert (change.kind, set(change.statement.resources.patterns)) == (Kind.ADDED, {"c"})


def test_what_is_turned_around_is_told_with_what_it_leaves_out() -> None:
    [change] = compare(None, role(but("iam:*", "sts:*")))

    assert change.statement.actions == Names(frozenset({"iam:*", "sts:*"}), all_but=True)


@pytest.mark.parametrize("named", ["a", "*"])
def test_a_statement_without_a_resource_is_another_one_than_with_one(named: str) -> None:
    with_one, without = allow("sts:AssumeRole", named), {"Effect": "Allow", "Action": "sts:AssumeRole"}

    assert [kind for kind, _, _ in between([with_one], [with_one, without])] == [Kind.ADDED]
    assert [kind for kind, _, _ in between([without], [without, with_one])] == [Kind.ADDED]


def test_every_holder_is_compared_with_itself_in_the_order_of_the_alphabet() -> None:
    def template(**actions: str) -> Any:
        return iam_statements.of_template(
            {"Resources": {name: role(allow(action)) for name, action in actions.items()}}
        )

    before, after = (
        template(B="sqs:SendMessage", Gone="a:b"),
        template(B="sqs:SendMessage", A="sqs:SendMessage"),
    )
    assert [(one.holder, one.kind) for one in iam_diff.compare(before, after)] == [
        ("role A", Kind.ADDED),
        ("role Gone", Kind.REMOVED),
    ]


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [("a?c", "abc"), ("a*", "ab?"), ("a.c*", "a.cd"), ("a*", "a\nb"), ("x-${A}-*", "x-${A}-b")],
)
def test_a_pattern_covers_what_it_matches(wide: str, narrow: str) -> None:
    assert between([allow("sqs:SendMessage", wide)], [allow("sqs:SendMessage", [wide, narrow])]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("a?c", "a*c"), ("a?c", "ac"), ("a.c", "abc"), ("ab", "abc"), ("b*", "ab"), ("*b", "bc")],
)
def test_a_pattern_covers_nothing_that_it_does_not_match(one: str, other: str) -> None:
    assert between([allow("sqs:SendMessage", one)], [allow("sqs:SendMessage", [one, other])]) != []


def open_queue(condition: Any) -> Any:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage"}
    policy = statement | ({"Condition": condition} if condition else {})
    return {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {"Statement": [policy]}}}


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": "1"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:1:*"}},
        {"StringEquals": {"AWS:principalorgid": "o-1"}} | SECURE,
        {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/*"}},
    ],
)
def test_a_permission_whose_condition_names_who_is_not_for_everybody(condition: Any) -> None:
    assert [one.reasons for one in compare(None, open_queue(condition))] == [()]


@pytest.mark.parametrize(
    "condition",
    [
        None,
        SECURE,
        {"StringNotEquals": {"aws:SourceAccount": "1"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "1"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"Null": {"aws:PrincipalArn": "false"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::1:root", "*"]}},
        {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"]}},
        {"IpAddress": {"aws:SourceIp": "::/0"}},
        {"StringEquals": {"aws:RequestTag/owner": "ada"}},
    ],
)
def test_a_permission_whose_condition_anybody_may_meet_is_for_everybody(condition: Any) -> None:
    assert [one.reasons for one in compare(None, open_queue(condition))] == [("for everyone",)]


def test_another_managed_policy_is_wider() -> None:
    changes = compare(role(ManagedPolicyArns=["arn:a"]), role(ManagedPolicyArns=["arn:b"]))

    assert [(one.kind, set(one.statement.actions.patterns)) for one in changes if one.is_wider] == [
        (Kind.WIDENED, {"all of arn:b"})
    ]


def test_another_boundary_is_wider() -> None:
    changes = compare(role(PermissionsBoundary="arn:a"), role(PermissionsBoundary="arn:b"))

    assert [one.reasons for one in changes if one.is_wider] == [("is no longer denied",)]
