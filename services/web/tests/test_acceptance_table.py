"""The acceptances in DynamoDB: what it is asked, and what is made of its answers."""

from datetime import UTC, datetime
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.stub import Stubber

from web import wiring
from web.adapters.acceptance_table import AcceptanceTable
from web.domain.legal_documents import Acceptance

TABLE = "web-test-acceptances"
ACCEPTANCE = Acceptance("terms", 2, datetime(2026, 11, 28, 12, tzinfo=UTC))
ITEM = {"customerId": "ada", "accepted": "terms#2", "acceptedAt": "2026-11-28T12:00:00+00:00"}


@pytest.fixture
def table() -> AcceptanceTable:
    return wiring.acceptances()


def written() -> dict[str, Any]:
    return {"TableName": TABLE, "Item": ITEM, "ConditionExpression": "attribute_not_exists(customerId)"}


def answer_query(dynamodb: Stubber) -> None:
    dynamodb.add_response(
        "query",
        {"Items": [{name: {"S": text} for name, text in ITEM.items()}]},
        {"TableName": TABLE, "KeyConditionExpression": Key("customerId").eq("ada"), "ConsistentRead": True},
    )


def test_an_acceptance_is_one_conditional_write(table: AcceptanceTable, dynamodb: Stubber) -> None:
    dynamodb.add_response("put_item", {}, written())
    table.add("ada", ACCEPTANCE)


def test_an_acceptance_that_is_kept_already_stays(table: AcceptanceTable, dynamodb: Stubber) -> None:
    dynamodb.add_client_error("put_item", "ConditionalCheckFailedException", expected_params=written())
    table.add("ada", ACCEPTANCE)


def test_acceptances_are_read_of_one_customer_alone(table: AcceptanceTable, dynamodb: Stubber) -> None:
    answer_query(dynamodb)
    assert table.of_customer("ada") == [ACCEPTANCE]


def test_acceptances_are_erased_by_their_keys(table: AcceptanceTable, dynamodb: Stubber) -> None:
    answer_query(dynamodb)
    key = {"customerId": "ada", "accepted": "terms#2"}
    dynamodb.add_response(
        "batch_write_item",
        {"UnprocessedItems": {}},
        {"RequestItems": {TABLE: [{"DeleteRequest": {"Key": key}}]}},
    )
    table.remove_all("ada")
