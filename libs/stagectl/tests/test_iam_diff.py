"""Which change of a template permits more than before, and which only looks different."""

from typing import Any

import pytest

from stagectl import iam_diff, iam_statements
from stagectl.iam_diff import Kind, PermissionChange

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
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE}, ("everything but what is named",)),
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

    assert [(kind, reasons) for kind, reasons, _ in between([deny], [])] == [
        (Kind.WIDENED, ("is forbidden no more",))
    ]
    assert [(kind, reasons) for kind, reasons, _ in between([], [deny])] == [(Kind.NARROWED, ())]


def test_a_denial_that_holds_more_seldom_is_wider() -> None:
    deny = allow("dynamodb:DeleteItem") | {"Effect": "Deny"}
    seldom = deny | {"Condition": SIGNED_FOR}

    assert (Kind.WIDENED, ("is forbidden no more",), {"dynamodb:DeleteItem"}) in between([deny], [seldom])
    assert [kind for kind, _, _ in between([seldom], [deny])] == [Kind.NARROWED]


def test_a_boundary_that_goes_is_wider_and_a_managed_policy_too() -> None:
    [gone] = compare(role(PermissionsBoundary="arn:aws:iam::1:policy/b"), role())
    [managed] = compare(role(), role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]))

    assert (gone.reasons, managed.reasons) == (("is forbidden no more",), ("a managed policy",))


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
    assert (change.kind, "for everybody" in change.reasons) == (Kind.WIDENED, True)


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

    assert (change.kind, "for everybody" in change.reasons) == (Kind.WIDENED, True)


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
