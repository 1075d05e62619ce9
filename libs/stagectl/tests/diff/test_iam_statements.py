"""What a template permits, read from every place in which it may say so."""

from typing import Any

import pytest

from stagectl.diff import iam_statements
from stagectl.diff.iam_statements import Condition, Names, Statement

NOTHING = Names(frozenset())


def names(*patterns: str, all_but: bool = False) -> Names:
    return Names(frozenset(patterns), all_but)


def read(kind: str, **properties: Any) -> dict[str, list[Statement]]:
    """Return what one resource, called R, permits."""
    return iam_statements.of_template({"Resources": {"R": {"Type": kind, "Properties": properties}}})


def stated(statement: Any) -> Statement:
    """Return a statement of a queue's policy."""
    found = read("AWS::SQS::QueuePolicy", PolicyDocument={"Statement": [statement]})
    [one] = found["QueuePolicy R"]
    return one


def test_every_element_of_a_statement_is_read() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["sns.amazonaws.com", "events.amazonaws.com"], "AWS": {"Ref": "Account"}},
        "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"],
        "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
        "Condition": {
            "ArnLike": {"aws:SourceArn": {"Ref": "Topic"}},
            "StringEquals": {"aws:SourceAccount": ["1", "2"], "aws:SourceOrgID": "o"},
        },
    }

    assert stated(statement) == Statement(
        allows=True,
        principals=names("Service:sns.amazonaws.com", "Service:events.amazonaws.com", "AWS:${Account}"),
        actions=names("sqs:SendMessage", "sqs:GetQueueUrl"),
        resources=names("${Queue.Arn}"),
        condition=frozenset(
            {
                ("ArnLike", "aws:SourceArn", frozenset({"${Topic}"})),
                ("StringEquals", "aws:SourceAccount", frozenset({"1", "2"})),
                ("StringEquals", "aws:SourceOrgID", frozenset({"o"})),
            }
        ),
    )


def test_what_a_statement_turns_around_is_everything_but_what_it_names() -> None:
    turned = {"Effect": "Deny", "NotPrincipal": {"AWS": "1"}, "NotAction": "iam:*", "NotResource": ["a", "b"]}

    assert stated(turned) == Statement(
        allows=False,
        principals=names("AWS:1", all_but=True),
        actions=names("iam:*", all_but=True),
        resources=names("a", "b", all_but=True),
    )


def test_a_statement_that_names_nobody_and_nothing_is_about_its_holder() -> None:
    assert stated({"Effect": "Allow", "Action": "sqs:*"}) == Statement(True, NOTHING, names("sqs:*"), NOTHING)


@pytest.mark.parametrize("everybody", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_everybody_is_everybody_however_it_is_written(everybody: Any) -> None:
    statement = stated({"Effect": "Allow", "Principal": everybody, "Action": "sqs:*"})

    assert statement.principals == names("*")


def test_any_service_is_not_everybody() -> None:
    statement = stated({"Effect": "Allow", "Principal": {"Service": "*"}, "Action": "sqs:*"})

    assert statement.principals == names("Service:*")


@pytest.mark.parametrize(
    ("function", "principal"), [({"Ref": "Who"}, "${Who}"), ({"Fn::Sub": "${Who}:root"}, "${Who}:root")]
)
def test_a_principal_that_cloudformation_fills_in_is_no_kind_of_principal(
    function: Any, principal: str
) -> None:
    statement = stated({"Effect": "Allow", "Principal": function, "Action": "sqs:*"})

    assert statement.principals == names(principal)


@pytest.mark.parametrize(
    ("kind", "element", "holder"),
    [
        ("AWS::IAM::Policy", "PolicyDocument", "Policy R"),
        ("AWS::IAM::ManagedPolicy", "PolicyDocument", "ManagedPolicy R"),
        ("AWS::IAM::RolePolicy", "PolicyDocument", "RolePolicy R"),
        ("AWS::SQS::QueuePolicy", "PolicyDocument", "QueuePolicy R"),
        ("AWS::SNS::TopicPolicy", "PolicyDocument", "TopicPolicy R"),
        ("AWS::S3::BucketPolicy", "PolicyDocument", "BucketPolicy R"),
        ("AWS::KMS::Key", "KeyPolicy", "Key R"),
        ("AWS::ApiGateway::RestApi", "Policy", "RestApi R"),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument", "trust of role R"),
    ],
)
def test_every_kind_of_policy_is_read_and_its_holder_named(kind: str, element: str, holder: str) -> None:
    statement = {"Effect": "Allow", "Action": "a:b"}
    found = read(kind, **{element: {"Statement": [statement, statement | {"Effect": "Deny"}]}})

    assert [one.allows for one in found[holder]] == [True, False]


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_only_statement_of_a_policy_need_not_stand_in_a_list(wrapped: bool) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}
    found = read("AWS::Events::EventBusPolicy", Statement={"Statement": statement} if wrapped else statement)

    assert found == {"EventBusPolicy R": [Statement(True, names("*"), names("events:PutEvents"), NOTHING)]}


def test_all_policies_of_a_role_are_the_roles() -> None:
    policies = [
        {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": action}]}}
        for action in ("a:b", "c:d")
    ]

    found = read("AWS::IAM::Role", Policies=policies)
    assert [one.actions for one in found["role R"]] == [names("a:b"), names("c:d")]


def test_policies_of_two_resources_do_not_mix() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "a:b"}]}
    queue = {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": document}}
    found = iam_statements.of_template({"Resources": {"One": queue, "Other": queue}})

    assert {holder: len(statements) for holder, statements in found.items()} == {
        "QueuePolicy One": 1,
        "QueuePolicy Other": 1,
    }


def test_managed_policies_are_given_whole_and_a_boundary_forbids_all_beyond_it() -> None:
    found = read(
        "AWS::IAM::Role",
        ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess", {"Ref": "Shared"}],
        PermissionsBoundary={"Fn::Sub": "arn:${AWS::Partition}:iam::1:policy/boundary"},
    )

    beyond = "what arn:${AWS::Partition}:iam::1:policy/boundary does not allow"
    assert found["role R"] == [
        Statement(True, NOTHING, names("all of arn:aws:iam::aws:policy/ReadOnlyAccess"), NOTHING),
        Statement(True, NOTHING, names("all of ${Shared}"), NOTHING),
        Statement(False, NOTHING, names(beyond), NOTHING),
    ]


CONDITIONS: list[tuple[str, Condition]] = [
    ("SourceArn", frozenset({("ArnLike", "aws:SourceArn", frozenset({"${Topic}"}))})),
    ("SourceAccount", frozenset({("StringEquals", "aws:SourceAccount", frozenset({"${Topic}"}))})),
    ("PrincipalOrgID", frozenset({("StringEquals", "aws:PrincipalOrgID", frozenset({"${Topic}"}))})),
]


@pytest.mark.parametrize(("limit", "condition"), CONDITIONS)
def test_who_may_call_a_function_is_read_with_what_limits_it(limit: str, condition: Condition) -> None:
    found = read(
        "AWS::Lambda::Permission",
        FunctionName={"Fn::GetAtt": ["Place", "Arn"]},
        Principal="sns.amazonaws.com",
        Action="lambda:InvokeFunction",
        **{limit: {"Ref": "Topic"}},
    )

    allowed = Statement(True, names("sns.amazonaws.com"), names("lambda:InvokeFunction"), NOTHING, condition)
    assert found == {"callers of Place": [allowed]}


@pytest.mark.parametrize(
    ("named", "holder"),
    [
        ({"Ref": "Live"}, "callers of ${Live}"),
        ("orders-dev", "callers of orders-dev"),
        ({"Fn::Join": [":", [{"Fn::GetAtt": "Place.Arn"}, "live"]]}, "callers of Place:live"),
    ],
)
def test_the_callers_of_a_function_are_the_same_however_it_is_named(named: Any, holder: str) -> None:
    found = read("AWS::Lambda::Permission", FunctionName=named, Principal="*", Action="lambda:InvokeFunction")

    assert list(found) == [holder]


def test_a_permission_to_call_a_function_that_names_nobody_lets_everybody() -> None:
    found = read("AWS::Lambda::Permission")

    assert found == {"callers of ": [Statement(True, names("*"), names(""), NOTHING)]}


def method(http_method: str, integration: str, **properties: Any) -> dict[str, list[Statement]]:
    return read(
        "AWS::ApiGateway::Method", HttpMethod=http_method, Integration={"Type": integration}, **properties
    )


@pytest.mark.parametrize(
    ("authorization", "who"),
    [
        ({}, "*"),
        ({"AuthorizationType": "NONE"}, "*"),
        ({"AuthorizationType": "AWS_IAM"}, "AWS_IAM"),
        (
            {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": {"Ref": "Customers"}},
            "COGNITO_USER_POOLS ${Customers}",
        ),
    ],
)
def test_a_route_is_open_to_everybody_or_to_those_whom_its_authorizer_lets_in(
    authorization: dict[str, Any], who: str
) -> None:
    assert method("GET", "AWS_PROXY", **authorization) == {
        "method R": [Statement(True, names(who), names("execute-api:Invoke"), NOTHING)]
    }


@pytest.mark.parametrize(("http_method", "integration"), [("OPTIONS", "AWS_PROXY"), ("GET", "MOCK")])
def test_only_an_answer_to_a_browsers_question_that_reaches_nothing_is_no_route(
    http_method: str, integration: str
) -> None:
    assert list(method(http_method, integration)) == ["method R"]
    assert method("OPTIONS", "MOCK") == {}


def test_a_route_without_an_integration_is_a_route() -> None:
    assert list(read("AWS::ApiGateway::Method", HttpMethod="OPTIONS")) == ["method R"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "plain"),
        ({"Ref": "A"}, "${A}"),
        ({"Fn::GetAtt": "A.Arn"}, "${A.Arn}"),
        ({"Fn::GetAtt": ["A", "Arn"]}, "${A.Arn}"),
        ({"Fn::Sub": "x-${A}"}, "x-${A}"),
        ({"Fn::Join": ["/", [{"Ref": "A"}, "b"]]}, "${A}/b"),
        ({"Fn::Sub": ["${b}${a}", {"b": 1, "a": 2}]}, '{"Fn::Sub": ["${b}${a}", {"a": 2, "b": 1}]}'),
        ({"z": 1, "a": True}, '{"a": true, "z": 1}'),
    ],
)
def test_a_value_is_one_text_however_the_template_puts_it_together(value: Any, written: str) -> None:
    assert iam_statements.text(value) == written


@pytest.mark.parametrize("template", [{}, {"Resources": {"R": {"Type": "AWS::SNS::Topic"}}}])
def test_a_template_that_permits_nothing_has_no_statements(template: Any) -> None:
    assert iam_statements.of_template(template) == {}


def test_a_role_that_says_nothing_may_do_nothing() -> None:
    assert iam_statements.of_template({"Resources": {"R": {"Type": "AWS::IAM::Role"}}}) == {"role R": []}


@pytest.mark.parametrize("document", ["text", ["text"], {"Statement": [{"Action": "a:b"}]}, {}])
def test_what_is_no_statement_permits_nothing(document: Any) -> None:
    assert read("AWS::SQS::QueuePolicy", PolicyDocument=document) == {"QueuePolicy R": []}
