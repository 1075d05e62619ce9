from copy import deepcopy
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.session import Session
from botocore.stub import Stubber

from service_kit.lean_table import LeanTable, with_plain_values

ITEM = {"orderId": {"S": "o-1"}, "count": {"N": "2"}, "tags": {"L": [{"S": "hot"}]}}
PLAIN = {"orderId": "o-1", "count": 2, "tags": ["hot"]}


@pytest.fixture
def client() -> Any:
    client: Any = Session().create_client("dynamodb", region_name="eu-central-1")
    return with_plain_values(client)


@pytest.fixture
def sent(client: Any) -> list[dict[str, Any]]:
    """Gives the parameters of each call, as they go out."""
    parameters: list[dict[str, Any]] = []
    client.meta.events.register_last(
        "before-parameter-build.dynamodb", lambda params, **_: parameters.append(dict(params))
    )
    return parameters


def test_plain_values_are_written(client: Any, sent: list[dict[str, Any]]) -> None:
    with Stubber(client) as stub:
        stub.add_response("put_item", {})
        LeanTable("orders", client).put_item(Item=PLAIN)
    assert sent == [{"TableName": "orders", "Item": ITEM}]


def test_plain_values_are_read(client: Any, sent: list[dict[str, Any]]) -> None:
    with Stubber(client) as stub:
        stub.add_response("get_item", {"Item": deepcopy(ITEM)})
        assert LeanTable("orders", client).get_item(Key={"orderId": "o-1"})["Item"] == PLAIN
    assert sent == [{"TableName": "orders", "Key": {"orderId": {"S": "o-1"}}}]


def test_conditions_become_expressions(client: Any, sent: list[dict[str, Any]]) -> None:
    with Stubber(client) as stub:
        stub.add_response("query", {"Items": [deepcopy(ITEM)]})
        answer = LeanTable("orders", client).query(KeyConditionExpression=Key("orderId").eq("o-1"))
    assert answer["Items"] == [PLAIN]
    assert sent == [
        {
            "TableName": "orders",
            "KeyConditionExpression": "#n0 = :v0",
            "ExpressionAttributeNames": {"#n0": "orderId"},
            "ExpressionAttributeValues": {":v0": {"S": "o-1"}},
        }
    ]


def test_what_was_handed_over_stays_as_it_was(client: Any) -> None:
    item = {"orderId": "o-1"}
    with Stubber(client) as stub:
        stub.add_response("put_item", {})
        LeanTable("orders", client).put_item(Item=item)
    assert item == {"orderId": "o-1"}
