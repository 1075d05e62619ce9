"""The bookmarks in DynamoDB: what it is asked, and what is made of its answers."""

from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.stub import Stubber

from restaurants import wiring
from restaurants.adapters.favourite_table import FavouriteTable

TABLE = "restaurants-test-favourites"


@pytest.fixture
def table() -> FavouriteTable:
    return wiring.favourites()


def bookmark(name: str) -> dict[str, str]:
    return {"customerId": "ada", "name": name}


def as_answered(name: str) -> dict[str, dict[str, str]]:
    """Return a bookmark as DynamoDB writes it; anew each time, since boto3 changes answers in place."""
    return {member: {"S": text} for member, text in bookmark(name).items()}


def answer_query(dynamodb: Stubber, *names: str, is_cut: bool = False, **asked: object) -> None:
    """Let DynamoDB answer these names when it is asked for two of ada's."""
    answer: dict[str, Any] = {"Items": [as_answered(name) for name in names]}
    if is_cut:
        answer["LastEvaluatedKey"] = as_answered(names[-1])
    dynamodb.add_response(
        "query",
        answer,
        {
            "TableName": TABLE,
            "KeyConditionExpression": Key("customerId").eq("ada"),
            "Limit": 2,
            "ConsistentRead": True,
        }
        | asked,
    )


def test_a_bookmark_is_one_write(table: FavouriteTable, dynamodb: Stubber) -> None:
    dynamodb.add_response("put_item", {}, {"TableName": TABLE, "Item": bookmark("Fangtasia")})
    table.add("ada", "Fangtasia")


def test_a_bookmark_is_removed_by_its_key(table: FavouriteTable, dynamodb: Stubber) -> None:
    dynamodb.add_response("delete_item", {}, {"TableName": TABLE, "Key": bookmark("Fangtasia")})
    table.remove("ada", "Fangtasia")


def test_a_page_reads_one_customers_bookmarks_alone(table: FavouriteTable, dynamodb: Stubber) -> None:
    answer_query(dynamodb, "Fangtasia", "Lil' Bits")
    page = table.of_customer("ada", after=None, count=2)
    assert (page.names, page.last) == (["Fangtasia", "Lil' Bits"], None)


def test_the_next_page_is_read_from_where_the_last_one_ended(
    table: FavouriteTable, dynamodb: Stubber
) -> None:
    answer_query(dynamodb, "Fangtasia", "Lil' Bits", is_cut=True)
    answer_query(dynamodb, "Shoney's", ExclusiveStartKey=bookmark("Lil' Bits"))
    first = table.of_customer("ada", after=None, count=2)
    assert table.of_customer("ada", after=first.last, count=2).names == ["Shoney's"]
