"""What calls cost in DynamoDB: the calls are applied to copies of the items, whose sizes then count."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_dynamodb.type_defs import GlobalSecondaryIndexDescriptionTypeDef

from benchmarks.call_record import Call
from benchmarks.item_size import item_bytes, read_units, write_units

Item = dict[str, dict[str, Any]]

READ_UNIT = "dynamodb-read-request-unit"
WRITE_UNIT = "dynamodb-write-request-unit"


@dataclass(frozen=True)
class Use:
    """Something that AWS bills.

    Attributes:
        resource: Of what, for people.
        unit: What is counted, as stagectl's list of prices names it.
        amount: How many of it.
    """

    resource: str
    unit: str
    amount: float


_ASSIGNMENT = re.compile(r"([#\w]+)\s*=?\s*(:\w+)")
_REQUIREMENT = re.compile(r"([#\w]+) (?:=|IN) (:\w+|\([^)]+\))")
_VALUE = re.compile(r":\w+")
_NEITHER_AND_NOR_IN = re.compile(r"\b(?:OR|NOT|BETWEEN)\b|[<>]")
_NEITHER_SET_NOR_ADD = re.compile(r"\b(?:REMOVE|DELETE)\b|\(")


@dataclass(frozen=True)
class Index:
    """A global secondary index; `attributes` are those that it holds, or None for all."""

    name: str
    key: frozenset[str]
    attributes: frozenset[str] | None

    def projected(self, item: Item) -> Item:
        """Return what the index holds of an item: nothing when it lacks a part of the index's key."""
        if not self.key <= item.keys():
            return {}
        return {name: item[name] for name in item if self.attributes is None or name in self.attributes}

    def write_units(self, before: Item, after: Item) -> int:
        """Return what it costs to bring the index up to date."""
        old, new = self.projected(before), self.projected(after)
        if old == new:
            return 0
        if old and new and any(old[name] != new[name] for name in self.key):
            return write_units(item_bytes(old)) + write_units(item_bytes(new))
        return write_units(max(item_bytes(old), item_bytes(new)))


class TableCapacity:
    """Replays calls in their order.

    Args:
        client: The SDK's client of DynamoDB, for the tables' shapes and for items written before the record.
    """

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client
        self._items: dict[tuple[str, str], Item] = {}
        self._indexes: dict[str, list[Index]] = {}
        self._key_names: dict[str, list[str]] = {}

    def uses(self, call: Call) -> Iterator[Use]:
        """Return what a call costs, which succeeded or whose condition did not hold.

        Raises:
            ValueError: it is one whose cost is not known here.
        """
        costs: dict[str, Callable[[str, dict[str, Any]], Iterator[Use]]] = {
            "GetItem": self._read,
            "Query": self._query,
            "PutItem": self._put,
            "UpdateItem": self._update,
        }
        if call.action not in costs:
            raise ValueError(f"no cost is known for DynamoDB's {call.action}")
        return costs[call.action](call.parameters["TableName"], call.parameters)

    def stored_bytes(self) -> dict[str, int]:
        """Return by table and index how much the items seen take, with the 100 bytes that each costs more."""
        stored: dict[str, int] = {}
        for (table, _), item in self._items.items():
            parts = {f"table {table}": item}
            parts |= {f"index {index.name}": index.projected(item) for index in self._indexes_of(table)}
            for name, part in parts.items():
                stored[name] = stored.get(name, 0) + item_bytes(part) + 100
        return stored

    def largest_bytes(self, table: str) -> int:
        """Return the size of the largest item seen of a table."""
        return max((item_bytes(item) for (of, _), item in self._items.items() if of == table), default=0)

    def _read(self, table: str, parameters: dict[str, Any]) -> Iterator[Use]:
        item = self._items.get(self._place(table, parameters["Key"]))
        if item is None:
            # Written before the record began.
            item = cast("Item", self._client.get_item(TableName=table, Key=parameters["Key"]).get("Item", {}))
        is_consistent = parameters.get("ConsistentRead", False)
        yield Use(f"table {table}", READ_UNIT, read_units(item_bytes(item), is_consistent=is_consistent))

    def _query(self, table: str, parameters: dict[str, Any]) -> Iterator[Use]:
        # Called again, since the record has no answers. Nothing else writes meanwhile.
        items = self._client.query(**parameters)["Items"]
        size_bytes = sum(item_bytes(cast("Item", item)) for item in items)
        units = read_units(size_bytes, is_consistent=parameters.get("ConsistentRead", False))
        yield Use(f"table {table}", READ_UNIT, units)

    def _put(self, table: str, parameters: dict[str, Any]) -> Iterator[Use]:
        yield from self._write(table, parameters["Item"], parameters["Item"])

    def _update(self, table: str, parameters: dict[str, Any]) -> Iterator[Use]:
        before = self._items.get(self._place(table, parameters["Key"]), parameters["Key"])
        if not _holds(parameters, before):
            yield Use(f"table {table}", WRITE_UNIT, write_units(item_bytes(before)))
            return
        yield from self._write(table, parameters["Key"], before | _assigned(parameters))

    def _write(self, table: str, key: Item, written: Item) -> Iterator[Use]:
        place = self._place(table, key)
        before, after = self._items.get(place, {}), written
        self._items[place] = after
        yield Use(f"table {table}", WRITE_UNIT, write_units(max(item_bytes(before), item_bytes(after))))
        for index in self._indexes_of(table):
            if units := index.write_units(before, after):
                yield Use(f"index {index.name}", WRITE_UNIT, units)

    def _place(self, table: str, item: Item) -> tuple[str, str]:
        self._indexes_of(table)
        return table, json.dumps([item[name] for name in self._key_names[table]])

    def _indexes_of(self, table: str) -> list[Index]:
        if table not in self._indexes:
            described = self._client.describe_table(TableName=table)["Table"]
            own_key = [part["AttributeName"] for part in described["KeySchema"]]
            self._key_names[table] = own_key
            self._indexes[table] = [
                _index(index, own_key) for index in described.get("GlobalSecondaryIndexes", [])
            ]
        return self._indexes[table]


def _index(described: GlobalSecondaryIndexDescriptionTypeDef, own_key: list[str]) -> Index:
    key = frozenset(part["AttributeName"] for part in described["KeySchema"])
    projection = described["Projection"]
    if projection["ProjectionType"] == "ALL":
        return Index(described["IndexName"], key, None)
    attributes = key | {*own_key, *projection.get("NonKeyAttributes", [])}
    return Index(described["IndexName"], key, attributes)


def _holds(parameters: dict[str, Any], item: Item) -> bool:
    """Return whether what a condition asks of attributes is so: `name = :value` and `name IN (:value, …)`.

    Conditions of another form are taken to hold.
    """
    names, values = parameters.get("ExpressionAttributeNames", {}), parameters["ExpressionAttributeValues"]
    condition = parameters.get("ConditionExpression", "")
    clauses = _REQUIREMENT.findall(condition) if not _NEITHER_AND_NOR_IN.search(condition) else []
    return all(
        item.get(names.get(name, name)) in [values[value] for value in _VALUE.findall(wanted)]
        for name, wanted in clauses
    )


def _assigned(parameters: dict[str, Any]) -> Item:
    """Give what an update sets; the services only ever write `SET name = :value, …` and `ADD name :value`."""
    expression = parameters["UpdateExpression"]
    if _NEITHER_SET_NOR_ADD.search(expression):
        raise ValueError(f"no cost is known for the update {expression}")
    names, values = parameters.get("ExpressionAttributeNames", {}), parameters["ExpressionAttributeValues"]
    return {names.get(name, name): values[value] for name, value in _ASSIGNMENT.findall(expression)}
