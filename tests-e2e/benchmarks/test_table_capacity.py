"""What calls cost, without a stage."""

from typing import TYPE_CHECKING, Any, cast

import pytest

from benchmarks.call_record import Call
from benchmarks.item_size import item_bytes, read_units, write_units
from benchmarks.table_capacity import TableCapacity

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class FakeDynamoDB:
    """A table `orders` with an index by customer that holds everything, and one item from earlier."""

    def describe_table(self, **_named: str) -> dict[str, Any]:
        key = [{"AttributeName": "customer", "KeyType": "HASH"}]
        index = {"IndexName": "by-customer", "KeySchema": key, "Projection": {"ProjectionType": "ALL"}}
        own_key = [{"AttributeName": "id", "KeyType": "HASH"}]
        return {"Table": {"KeySchema": own_key, "GlobalSecondaryIndexes": [index]}}

    def get_item(self, *, Key: dict[str, Any], **_named: str) -> dict[str, Any]:  # noqa: N803, as the SDK spells it
        return {"Item": {**Key, "text": {"S": "x" * 5000}}}

    def query(self, **_named: Any) -> dict[str, Any]:
        return {"Items": [{"id": {"S": "1"}, "text": {"S": "x" * 3000}}] * 3}


@pytest.fixture
def capacity() -> TableCapacity:
    return TableCapacity(cast("DynamoDBClient", FakeDynamoDB()))


def cost(capacity: TableCapacity, action: str, **parameters: Any) -> dict[str, float]:
    call = Call("1", 0, "dynamodb", action, "somebody", {"TableName": "orders", **parameters})
    return {use.resource: use.amount for use in capacity.uses(call)}


def put(capacity: TableCapacity, **attributes: str) -> dict[str, float]:
    item = {name: {"S": value} for name, value in {"id": "1", **attributes}.items()}
    return cost(capacity, "PutItem", Item=item)


def update(capacity: TableCapacity, name: str, value: str) -> dict[str, float]:
    return cost(
        capacity,
        "UpdateItem",
        Key={"id": {"S": "1"}},
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": {"S": value}},
    )


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    item: dict[str, Any] = {
        "name": {"S": "süß"},
        "age": {"N": "1234"},
        "gone": {"NULL": True},
        "all": {"L": [{"S": "a"}]},
    }

    assert item_bytes(item) == (4 + 5) + (3 + 3) + (4 + 1) + (3 + 3 + 2)


@pytest.mark.parametrize(("size_bytes", "units"), [(0, 1), (1024, 1), (1025, 2)])
def test_each_begun_kilobyte_is_a_write_unit(size_bytes: int, units: int) -> None:
    assert write_units(size_bytes) == units


@pytest.mark.parametrize(("is_consistent", "units"), [(True, 2), (False, 1)])
def test_an_eventually_consistent_read_costs_half(*, is_consistent: bool, units: float) -> None:
    assert read_units(4097, is_consistent=is_consistent) == units


def test_a_put_writes_the_table_and_the_index(capacity: TableCapacity) -> None:
    assert put(capacity, customer="eve") == {"table orders": 1, "index by-customer": 1}


def test_an_item_without_the_indexes_key_is_not_in_the_index(capacity: TableCapacity) -> None:
    assert put(capacity, name="eve") == {"table orders": 1}


def test_an_update_costs_as_much_as_the_larger_of_both_items(capacity: TableCapacity) -> None:
    put(capacity, customer="eve", text="x" * 1500)

    assert update(capacity, "text", "short") == {"table orders": 2, "index by-customer": 2}


def test_an_update_that_changes_nothing_leaves_the_index_alone(capacity: TableCapacity) -> None:
    put(capacity, customer="eve", state="placed")

    assert update(capacity, "state", "placed") == {"table orders": 1}


def test_another_index_key_is_a_removal_and_an_addition(capacity: TableCapacity) -> None:
    put(capacity, customer="eve")

    assert update(capacity, "customer", "bob") == {"table orders": 1, "index by-customer": 2}


@pytest.mark.parametrize("condition", ["#name = :wanted", "#name IN (:other, :wanted) AND id = :id"])
def test_a_write_whose_condition_does_not_hold_costs_the_item_that_it_met(
    capacity: TableCapacity, condition: str
) -> None:
    put(capacity, customer="eve", state="accepted", text="x" * 1500)
    refused: dict[str, Any] = {
        "Key": {"id": {"S": "1"}},
        "UpdateExpression": "SET #name = :wanted",
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#name": "state"},
        "ExpressionAttributeValues": {
            name: {"S": value} for name, value in ((":wanted", "a"), (":other", "b"), (":id", "1"))
        },
    }

    assert cost(capacity, "UpdateItem", **refused) == {"table orders": 2}
    # Nothing has changed.
    assert cost(capacity, "UpdateItem", **refused) == {"table orders": 2}


def test_a_write_whose_condition_holds_writes_the_index_too(capacity: TableCapacity) -> None:
    put(capacity, customer="eve", state="placed")
    allowed = {
        "Key": {"id": {"S": "1"}},
        "UpdateExpression": "SET #name = :answer",
        "ConditionExpression": "#name IN (:placed, :notified) AND id = :id",
        "ExpressionAttributeNames": {"#name": "state"},
        "ExpressionAttributeValues": {f":{value}": {"S": value} for value in ("answer", "placed", "notified")}
        | {":id": {"S": "1"}},
    }

    assert cost(capacity, "UpdateItem", **allowed) == {"table orders": 1, "index by-customer": 1}
    assert cost(capacity, "UpdateItem", **allowed) == {"table orders": 1}


def test_an_item_from_before_the_record_is_looked_up(capacity: TableCapacity) -> None:
    assert cost(capacity, "GetItem", Key={"id": {"S": "2"}}, ConsistentRead=True) == {"table orders": 2}


def test_a_query_costs_what_it_finds_together(capacity: TableCapacity) -> None:
    assert cost(capacity, "Query") == {"table orders": 1.5}


def test_a_call_whose_cost_is_unknown_is_not_left_out_silently(capacity: TableCapacity) -> None:
    with pytest.raises(ValueError, match="Scan"):
        cost(capacity, "Scan")
