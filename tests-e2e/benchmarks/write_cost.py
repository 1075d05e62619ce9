"""What POST /orders does in DynamoDB, beside a bare put of the same item."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from benchmarks import clients
from benchmarks.call_record import Call, CallRecord
from benchmarks.order_life import OrderLife
from benchmarks.table_capacity import WRITE_UNIT, TableCapacity
from support.stage import Stage

T = TypeVar("T")

READS = {"GetItem", "Query", "BatchGetItem"}
SHOWN_DIGITS = 3


@dataclass(frozen=True)
class WriteCost:
    """What one way of storing an order takes of DynamoDB, for each order.

    Attributes:
        way: How the order was stored.
        writes: Calls that write, by the function of POST /orders and by the outbox.
        write_units: Units that they cost in the table and its index.
        reads: Calls that read.
    """

    way: str
    writes: float
    write_units: float
    reads: float


def write_costs(stage: Stage, life: OrderLife, count: int) -> dict[str, Any]:
    """Store orders in each way, `count` times each, and give the figures of each and the difference."""
    keys = [str(uuid.uuid4()) for _ in range(count)]
    ways = {
        "POST /orders without a key": _calls_of(life.record, life.place, [None] * count),
        "POST /orders with an Idempotency-Key": _calls_of(life.record, life.place, keys),
        "the same request again": _calls_of(life.record, life.repeat, keys),
    }
    table = f"orders-{stage.name}"
    everything = [call for calls in ways.values() for call in calls]
    puts = [call for call in everything if _is_put_into(call, table)]
    callers = {call.caller for call in [*puts, *filter(_publishes_an_order, everything)]}
    costs = [_cost(stage, "a bare put of the same item", puts[:count], count)]
    for way, calls in ways.items():
        costs.append(_cost(stage, way, [call for call in calls if call.caller in callers], count))
    bare, _, with_key, _ = costs
    return {
        "ordersEach": count,
        "ways": [asdict(cost) for cost in costs],
        "writesMoreThanABarePut": with_key.writes - bare.writes,
        "writeUnitsMoreThanABarePut": with_key.write_units - bare.write_units,
    }


def _calls_of(record: CallRecord, act: Callable[[T], object], keys: Sequence[T]) -> list[Call]:
    since = time.time()
    for key in keys:
        act(key)
    record.wait_until_quiet()
    return record.since(since)


def _cost(stage: Stage, way: str, calls: Sequence[Call], count: int) -> WriteCost:
    capacity = TableCapacity(clients.dynamodb(stage))
    calls = [call for call in calls if call.service == "dynamodb"]
    reads = sum(call.action in READS for call in calls)
    units = sum(use.amount for call in calls for use in capacity.uses(call) if use.unit == WRITE_UNIT)
    figures = ((len(calls) - reads) / count, units / count, reads / count)
    return WriteCost(way, *(round(figure, SHOWN_DIGITS) for figure in figures))


def _is_put_into(call: Call, table: str) -> bool:
    return call.action == "PutItem" and call.parameters["TableName"] == table


def _publishes_an_order(call: Call) -> bool:
    return call.action == "PutEvents" and call.mentions("order_placed")
