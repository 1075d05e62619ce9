"""What a template permits: the statements of every policy in it, in one form.

A policy may stand in a role, beside a queue, a topic or a bus, or be spread over the properties of a Lambda
permission or of an API's method. All are read into the same form.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_DOCUMENTS = {
    "AWS::IAM::Policy": ("PolicyDocument",),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
    "AWS::IAM::RolePolicy": ("PolicyDocument",),
    "AWS::SQS::QueuePolicy": ("PolicyDocument",),
    "AWS::SNS::TopicPolicy": ("PolicyDocument",),
    "AWS::S3::BucketPolicy": ("PolicyDocument",),
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::Events::EventBusPolicy": ("Statement",),
    "AWS::ApiGateway::RestApi": ("Policy",),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
}
_LAMBDA_CONDITIONS = {
    "SourceArn": ("ArnLike", "aws:SourceArn"),
    "SourceAccount": ("StringEquals", "aws:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
}
MANAGED_POLICY = "all of "
"""What stands before the name of a managed policy, in the place of an action."""

_FUNCTION_OF_ARN = re.compile(r"\$\{([A-Za-z0-9]+)\.Arn\}")


@dataclass(frozen=True)
class Names:
    """What one element of a statement names: patterns, or, turned around, everything but them."""

    patterns: frozenset[str]
    all_but: bool = False


Condition = frozenset[tuple[str, str, frozenset[str]]]
"""Operators with their keys and values, all of which must hold."""


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        allows: Whether it allows, rather than denies.
        principals: Who; everyone with the policy when it names no principal.
        actions: What may be done.
        resources: To what; the resource that has the policy when it names nothing.
        condition: When.
    """

    allows: bool
    principals: Names
    actions: Names
    resources: Names
    condition: Condition = frozenset()


def of_template(template: Mapping[str, Any]) -> dict[str, list[Statement]]:
    """Return the statements of a template by what holds them, such as `role OrdersRole`."""
    found: dict[str, list[Statement]] = {}
    for logical_id, resource in template.get("Resources", {}).items():
        properties = resource.get("Properties", {})
        for holder, document in _documents(logical_id, resource["Type"], properties):
            found.setdefault(holder, []).extend(_statements(document))
        match resource["Type"]:
            case "AWS::IAM::Role":
                found.setdefault(f"role {logical_id}", []).extend(_attached(properties))
            case "AWS::Lambda::Permission":
                function = text(properties.get("FunctionName", ""))
                name = _FUNCTION_OF_ARN.sub(r"\1", function)
                found.setdefault(f"callers of {name}", []).append(_lambda_permission(properties))
            case "AWS::ApiGateway::Method" if not _is_preflight(properties):
                found.setdefault(f"method {logical_id}", []).append(_method(properties))
    return found


def text(value: Any) -> str:
    """Return a value of a template as one text, with `${…}` for what CloudFormation fills in."""
    match value:
        case {"Ref": str() as name} | {"Fn::GetAtt": str() as name}:
            found = f"${{{name}}}"
        case {"Fn::GetAtt": [str() as resource, str() as attribute]}:
            found = f"${{{resource}.{attribute}}}"
        case str():
            found = value
        case {"Fn::Sub": str() as template}:
            found = template
        case {"Fn::Join": [str() as delimiter, list() as parts]}:
            found = delimiter.join(map(text, parts))
        case _:
            found = json.dumps(value, sort_keys=True)
    return found


def _documents(logical_id: str, kind: str, properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in _DOCUMENTS.get(kind, ()):
        if name in properties:
            yield _holder(logical_id, kind), properties[name]
    if kind == "AWS::IAM::Role":
        for policy in properties.get("Policies", ()):
            yield f"role {logical_id}", policy["PolicyDocument"]


def _holder(logical_id: str, kind: str) -> str:
    if kind == "AWS::IAM::Role":
        return f"trust of role {logical_id}"
    return f"{kind.rpartition('::')[2]} {logical_id}"


def _statements(document: Any) -> Iterator[Statement]:
    listed = document.get("Statement", document) if isinstance(document, dict) else document
    for one in listed if isinstance(listed, list) else [listed]:
        if isinstance(one, dict) and "Effect" in one:
            yield Statement(
                allows=one["Effect"] == "Allow",
                principals=_names(one, "Principal"),
                actions=_names(one, "Action"),
                resources=_names(one, "Resource"),
                condition=_condition(one.get("Condition", {})),
            )


def _names(statement: Mapping[str, Any], element: str) -> Names:
    """Return what an element names; kinds of principals are put before them, as `Service:…`."""
    turned = f"Not{element}" in statement
    value = statement.get(f"Not{element}" if turned else element, [])
    if element == "Principal" and isinstance(value, dict) and not _is_function(value):
        patterns = {f"{kind}:{name}" for kind, names in value.items() for name in _texts(names)}
        # IAM makes no difference between the two.
        patterns = {"*" if pattern == "AWS:*" else pattern for pattern in patterns}
    else:
        patterns = set(_texts(value))
    return Names(frozenset(patterns), turned)


def _condition(condition: Mapping[str, Mapping[str, Any]]) -> Condition:
    return frozenset(
        (operator, key, frozenset(_texts(values)))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _attached(role: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield managed policies as if each were an action, and a boundary as if it forbade one."""
    nobody, itself = Names(frozenset()), Names(frozenset())
    for policy in role.get("ManagedPolicyArns", ()):
        yield Statement(True, nobody, Names(frozenset({f"{MANAGED_POLICY}{text(policy)}"})), itself)
    if "PermissionsBoundary" in role:
        beyond = f"what {text(role['PermissionsBoundary'])} does not allow"
        yield Statement(False, nobody, Names(frozenset({beyond})), itself)


def _lambda_permission(properties: Mapping[str, Any]) -> Statement:
    principal = text(properties.get("Principal", "*"))
    return Statement(
        allows=True,
        principals=Names(frozenset({principal})),
        actions=Names(frozenset({text(properties.get("Action", ""))})),
        resources=Names(frozenset()),
        condition=frozenset(
            (operator, key, frozenset({text(properties[name])}))
            for name, (operator, key) in _LAMBDA_CONDITIONS.items()
            if name in properties
        ),
    )


def _method(properties: Mapping[str, Any]) -> Statement:
    """Return who may call a method of an API: everyone, or those whom an authorizer admits."""
    kind = text(properties.get("AuthorizationType", "NONE"))
    who = "*" if kind == "NONE" else f"{kind} {text(properties.get('AuthorizerId', ''))}".strip()
    return Statement(
        allows=True,
        principals=Names(frozenset({who})),
        actions=Names(frozenset({"execute-api:Invoke"})),
        resources=Names(frozenset()),
    )


def _is_preflight(method: Mapping[str, Any]) -> bool:
    """Return whether a method answers browsers before they call, without reaching anything."""
    integration = method.get("Integration", {})
    return bool(method.get("HttpMethod") == "OPTIONS" and integration.get("Type") == "MOCK")


def _texts(value: Any) -> list[str]:
    return [text(one) for one in value] if isinstance(value, list) else [text(value)]


def _is_function(value: Mapping[str, Any]) -> bool:
    return any(key == "Ref" or key.startswith("Fn::") for key in value)
