import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
Call = Callable[[Any, str], Any]

KEY = {"person": {"S": "ada"}, "game": {"S": "chess"}}
INDEX = "by-score"
# The second example of AWS's page, whose statement is for reads and writes.
ATTRIBUTES = ["person", "game", "score"]
LIMITED = {
    "ForAllValues:StringEquals": {"dynamodb:Attributes": ATTRIBUTES},
    "StringEqualsIfExists": {
        "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
        "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"],
    },
}
OWN = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ada"]}}


@pytest.fixture(scope="module")
def table(aws: Client) -> str:
    name = f"scores-{uuid.uuid4().hex}"
    aws("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "person", "AttributeType": "S"},
            {"AttributeName": "game", "AttributeType": "S"},
            {"AttributeName": "score", "AttributeType": "N"},
        ],
        KeySchema=[
            {"AttributeName": "person", "KeyType": "HASH"},
            {"AttributeName": "game", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INDEX,
                "KeySchema": [
                    {"AttributeName": "game", "KeyType": "HASH"},
                    {"AttributeName": "score", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    aws("dynamodb").put_item(TableName=name, Item=KEY | {"score": {"N": "1"}, "email": {"S": "a@b.example"}})
    return name


@pytest.fixture
def as_limited(as_user: Client, table: str) -> Callable[[dict[str, Any]], Any]:
    """Return clients of a user who may do everything with the table, under a condition."""

    def client(condition: dict[str, Any]) -> Any:
        arn = f"arn:aws:dynamodb:*:*:table/{table}"
        everything = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": [arn, f"{arn}/index/*"]}
        return as_user("dynamodb", everything | {"Condition": condition})

    return client


def get(**asked: Any) -> Call:
    return lambda dynamodb, table: dynamodb.get_item(TableName=table, Key=KEY, **asked)


def get_batch(**asked: Any) -> Call:
    return lambda dynamodb, table: dynamodb.batch_get_item(RequestItems={table: {"Keys": [KEY], **asked}})


def query(condition: str = "person = :key", key: str = "ada", **asked: Any) -> Call:
    values = {":key": {"S": key}} | asked.pop("values", {})
    return lambda dynamodb, table: dynamodb.query(
        TableName=table, KeyConditionExpression=condition, ExpressionAttributeValues=values, **asked
    )


def update(expression: str, **asked: Any) -> Call:
    values = {":new": {"N": "2"}} | asked.pop("values", {})
    return lambda dynamodb, table: dynamodb.update_item(
        TableName=table,
        Key=KEY,
        UpdateExpression=expression,
        ExpressionAttributeValues=values,
        **asked,
    )


def transact(kind: str, **asked: Any) -> Call:
    return lambda dynamodb, table: dynamodb.transact_write_items(
        TransactItems=[{kind: {"TableName": table, **asked}}]
    )


ALIAS = {"ExpressionAttributeNames": {"#e": "email"}}
TEXT = {":text": {"S": "a"}}
SOME = {"ProjectionExpression": "person, score"}
MORE = {"ProjectionExpression": "person, email"}

ALLOWED: dict[str, Call] = {
    "a projection": get(**SOME),
    "a projection by its old name": get(AttributesToGet=["score"]),
    "a projection of a part": get(ProjectionExpression="score.email"),
    "a projection in a batch": get_batch(**SOME),
    "a query with a projection": query(**SOME),
    "a query of an index with a projection": query("game = :key", "chess", IndexName=INDEX, **SOME),
    "a scan with a projection": lambda dynamodb, table: dynamodb.scan(TableName=table, **SOME),
    "an update": update("SET score = if_not_exists(score, :new)"),
    "an update that returns what it changed": update("SET score = :new", ReturnValues="UPDATED_NEW"),
    "a condition": update(
        "SET score = :new", ConditionExpression="attribute_exists(person) AND NOT (game = :new)"
    ),
    "an update in a transaction": transact(
        "Update",
        Key=KEY,
        UpdateExpression="SET score = :new",
        ExpressionAttributeValues={":new": {"N": "2"}},
    ),
}

REFUSED: dict[str, Call] = {
    "no projection": get(),
    "another attribute": get(**MORE),
    "another attribute by its old name": get(AttributesToGet=["email"]),
    "another attribute by a placeholder": get(ProjectionExpression="#e", **ALIAS),
    "a part of another attribute": get(ProjectionExpression="email.score"),
    "no projection in a batch": get_batch(),
    "another attribute in a batch": get_batch(**MORE),
    "a query without a projection": query(),
    "a query of another attribute": query(**MORE),
    "a filter by another attribute": query(FilterExpression="begins_with(email, :text)", values=TEXT, **SOME),
    "a query of all that an index has": query("game = :key", "chess", IndexName=INDEX),
    "a scan without a projection": lambda dynamodb, table: dynamodb.scan(TableName=table),
    "an update of another attribute": update("SET email = :new"),
    "an update by another attribute": update("SET score = if_not_exists(email, :new)"),
    "the removal of another attribute": update("SET score = :new REMOVE #e", **ALIAS),
    "a condition on another attribute": update(
        "SET score = :new", ConditionExpression="email = :text", values=TEXT
    ),
    "an update that returns everything": update("SET score = :new", ReturnValues="ALL_NEW"),
    "an update that returns everything when it is refused": update(
        "SET score = :new", ReturnValuesOnConditionCheckFailure="ALL_OLD"
    ),
    "a new item with another attribute": lambda dynamodb, table: dynamodb.put_item(
        TableName=table, Item=KEY | {"email": {"S": "x"}}
    ),
    "a new item with another attribute in a batch": lambda dynamodb, table: dynamodb.batch_write_item(
        RequestItems={table: [{"PutRequest": {"Item": KEY | {"email": {"S": "x"}}}}]}
    ),
    "an update of another attribute in a transaction": transact(
        "Update",
        Key=KEY,
        UpdateExpression="SET email = :new",
        ExpressionAttributeValues={":new": {"N": "2"}},
    ),
    "a check that returns everything when it fails": transact(
        "ConditionCheck",
        Key=KEY,
        ConditionExpression="attribute_exists(person)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    ),
}


@pytest.mark.parametrize("call", ALLOWED.values(), ids=ALLOWED)
def test_a_call_may_name_the_attributes_of_its_policy(
    as_limited: Callable[..., Any], table: str, call: Call
) -> None:
    assert call(as_limited(LIMITED), table)


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_a_call_that_names_or_returns_another_attribute_is_refused(
    as_limited: Callable[..., Any], table: str, call: Call
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        call(as_limited(LIMITED), table)


@pytest.mark.parametrize("missing", ["person", "game"])
def test_a_policy_names_all_key_attributes(as_limited: Callable[..., Any], table: str, missing: str) -> None:
    fewer = {"dynamodb:Attributes": [name for name in ATTRIBUTES if name != missing]}

    with pytest.raises(ClientError, match="AccessDenied"):
        get(ProjectionExpression="score")(as_limited({"ForAllValues:StringEquals": fewer}), table)


def test_a_policy_for_an_index_names_its_key_attributes(as_limited: Callable[..., Any], table: str) -> None:
    keys = as_limited({"ForAllValues:StringEquals": {"dynamodb:Attributes": ["person", "game"]}})
    asked = {"ProjectionExpression": "person"}

    query(**asked)(keys, table)
    with pytest.raises(ClientError, match="AccessDenied"):
        query("game = :key", "chess", IndexName=INDEX, **asked)(keys, table)


@pytest.mark.parametrize(
    ("key", "value", "call"),
    [
        ("Select", "ALL_ATTRIBUTES", get()),
        ("Select", "ALL_PROJECTED_ATTRIBUTES", query("game = :key", "chess", IndexName=INDEX)),
        ("Select", "COUNT", query(Select="COUNT")),
        ("ReturnValues", "NONE", update("SET score = :new")),
    ],
)
def test_select_and_return_values_are_what_dynamodb_takes_them_for(
    as_limited: Callable[..., Any], table: str, key: str, value: str, call: Call
) -> None:
    call(as_limited({"StringEquals": {f"dynamodb:{key}": value}}), table)
    with pytest.raises(ClientError, match="AccessDenied"):
        call(as_limited({"StringEquals": {f"dynamodb:{key}": "another"}}), table)


def test_a_write_has_no_select_and_a_read_returns_no_old_values(
    as_limited: Callable[..., Any], table: str
) -> None:
    absent = {"Null": {"dynamodb:Select": "true"}}

    update("SET score = :new")(as_limited(absent), table)
    get()(as_limited({"Null": {"dynamodb:ReturnValues": "true"}}), table)
    with pytest.raises(ClientError, match="AccessDenied"):
        get()(as_limited(absent), table)


OTHER = {"person": {"S": "bob"}, "game": {"S": "chess"}}
OF_OTHERS: dict[str, Call] = {
    "get": lambda dynamodb, table: dynamodb.get_item(TableName=table, Key=OTHER),
    "get in a batch": lambda dynamodb, table: dynamodb.batch_get_item(
        RequestItems={table: {"Keys": [KEY, OTHER]}}
    ),
    "query": query(key="bob"),
    "query by a placeholder": query("#p = :key", "bob", ExpressionAttributeNames={"#p": "person"}),
    "query of an index": query("game = :key", "chess", IndexName=INDEX),
    "put": lambda dynamodb, table: dynamodb.put_item(TableName=table, Item=OTHER),
    "update": lambda dynamodb, table: dynamodb.update_item(TableName=table, Key=OTHER),
    "delete": lambda dynamodb, table: dynamodb.delete_item(TableName=table, Key=OTHER),
    "delete in a batch": lambda dynamodb, table: dynamodb.batch_write_item(
        RequestItems={table: [{"DeleteRequest": {"Key": KEY}}, {"DeleteRequest": {"Key": OTHER}}]}
    ),
    "delete in a transaction": lambda dynamodb, table: dynamodb.transact_write_items(
        TransactItems=[{"Delete": {"TableName": table, "Key": key}} for key in (KEY, OTHER)]
    ),
}


@pytest.mark.parametrize("call", OF_OTHERS.values(), ids=OF_OTHERS)
def test_a_call_for_another_partition_is_refused(
    as_limited: Callable[..., Any], table: str, call: Call
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        call(as_limited(OWN), table)


@pytest.mark.parametrize("call", [get(), get_batch(), query(), update("SET score = :new")])
def test_a_call_for_the_partition_of_its_policy_is_allowed(
    as_limited: Callable[..., Any], table: str, call: Call
) -> None:
    assert call(as_limited(OWN), table)
