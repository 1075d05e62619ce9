"""Policies may have conditions on the attributes and partition keys that a call of DynamoDB names.

`dynamodb:Attributes` has the key attributes of the table and of the index, and the top level of every path in
the call, whether it is read, written or compared. `dynamodb:LeadingKeys` has the values of the partition key.
A read always has a `dynamodb:Select`, a write a `dynamodb:ReturnValues`. For `ConditionCheckItem` the latter
can only be `ReturnValuesOnConditionCheckFailure`, so that parameter counts in every write. MiniStack knows no
more than the projection of a single read.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from ministack.core import iam_actions
from ministack.services import dynamodb

from local_aws.questions import Call, Context, Resources, about

Asked = dict[str, Any]
Checks = list[tuple[str, str]]

READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"})
BATCHES = frozenset({"BatchGetItem", "BatchWriteItem"})
EXPRESSIONS = (
    *("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
    *("UpdateExpression", "ConditionExpression"),
)
# Members with an entry for each attribute.
BY_NAME = (
    *("Key", "Item", "AttributeUpdates", "Expected"),
    *("ScanFilter", "QueryFilter", "KeyConditions"),
)
# Reserved, so no attribute has such a name in an expression.
KEYWORDS = frozenset({"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"})


def install() -> None:
    """Give policies the keys of each table that a call names."""
    about("dynamodb", tables)
    iam_actions.dynamodb_transaction_checks = with_keys(iam_actions.dynamodb_transaction_checks)
    # What MiniStack finds besides the first table would be asked about again, without keys.
    resource_arns = iam_actions.dynamodb_resource_arns
    iam_actions.dynamodb_resource_arns = lambda *request: resource_arns(*request)[:1]


def tables(call: Call) -> Resources | None:
    """Return the tables of a call for items, each with what the call asks of it."""
    action = call.action("dynamodb")
    asked = json.loads(call.body or b"{}")
    if action in BATCHES:
        parts = {name: [*_parts(part)] or [{}] for name, part in asked.get("RequestItems", {}).items()}
    elif action in READS | WRITES and "TableName" in asked:
        parts = {asked["TableName"]: [asked]}
    else:
        return None
    questions = [
        (_arn(call, name, asked.get("IndexName")), keys_of(action, name, some))
        for name, some in parts.items()
    ]
    return Resources.of(*questions) if questions else None


def with_keys(checks_of: Callable[..., Checks]) -> Callable[..., Checks]:
    """Give each item of a transaction the keys of its own."""

    @wraps(checks_of)
    def operation(action: str, body: bytes, *where: str) -> Checks:
        checks = checks_of(action, body, *where)
        if not checks:
            return checks
        items = json.loads(body)["TransactItems"]
        parts = [part for item in items for part in item.values() if part.get("TableName")]
        return [
            (needed, Resources.of((arn, keys_of(needed.partition(":")[2], part["TableName"], [part]))))
            for (needed, arn), part in zip(checks, parts, strict=True)
        ]

    return operation


def keys_of(action: str, table_name: str, parts: list[Asked]) -> Context:
    """Return what conditions may ask about the parts of a call that are for one table."""
    table = dynamodb._tables.get(dynamodb._normalize_table_name(table_name))
    index = parts[0].get("IndexName")
    own_keys = (table["pk_name"], table["sk_name"]) if table else ()
    index_keys = dynamodb._resolve_index_keys(table, index)[:2] if table else ()
    named = {name for part in parts for name in _names_in(part)}
    leading = [value for part in parts for value in _leading_keys(part, index_keys[:1])]
    return {
        "dynamodb:Attributes": sorted(named.union(own_keys, index_keys) - {None}),
        "dynamodb:LeadingKeys": leading or None,
        "dynamodb:Select": _select(parts, index) if action in READS else None,
        "dynamodb:ReturnValues": _return_values(parts[0]) if action in WRITES else None,
    }


def _parts(asked: Any) -> Iterator[Asked]:
    """Yield what a batch asks of a table, in the form of calls for one item."""
    if isinstance(asked, list):
        for write in asked:
            yield from write.values()
    else:
        yield asked
        yield from ({"Key": key} for key in asked.get("Keys", []))


def _arn(call: Call, table_name: str, index: str | None) -> str:
    arn = table_name if table_name.startswith("arn:") else f"arn:aws:dynamodb:{call.here}:table/{table_name}"
    return f"{arn}/index/{index}" if index else arn


def _names_in(part: Asked) -> Iterator[str]:
    placeholders = part.get("ExpressionAttributeNames") or {}
    for member in EXPRESSIONS:
        yield from _names_of_expression(part.get(member) or "", placeholders)
    for member in BY_NAME:
        yield from part.get(member) or {}
    yield from part.get("AttributesToGet") or []


def _names_of_expression(expression: str, placeholders: dict[str, str]) -> Iterator[str]:
    """Yield the first name of each path; what a dot precedes is further down, a call is a function."""
    tokens = [("", ""), *dynamodb._tokenize(expression)]
    for (before, _), (kind, text), (after, _) in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before == "DOT":
            continue
        if kind == "NAME_REF":
            yield placeholders.get(text, text)
        elif kind == "IDENT" and after != "LPAREN" and text.upper() not in KEYWORDS:
            yield text


def _leading_keys(part: Asked, partition_key: tuple[str, ...]) -> Iterator[str]:
    for name in partition_key:
        compared = dynamodb._key_condition_av(
            part.get("KeyConditionExpression"),
            part.get("KeyConditions"),
            part.get("ExpressionAttributeValues") or {},
            part.get("ExpressionAttributeNames") or {},
            name,
        )
        values = ((part.get(member) or {}).get(name) for member in ("Key", "Item"))
        yield from (str(text) for value in (*values, compared) if value for text in value.values())


def _select(parts: list[Asked], index: str | None) -> str:
    asked = parts[0]
    if asked.get("Select"):
        return str(asked["Select"])
    if asked.get("ProjectionExpression") or asked.get("AttributesToGet"):
        return "SPECIFIC_ATTRIBUTES"
    return "ALL_PROJECTED_ATTRIBUTES" if index else "ALL_ATTRIBUTES"


def _return_values(asked: Asked) -> str:
    returned = asked.get("ReturnValues") or "NONE"
    return "ALL_OLD" if asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" else str(returned)
