"""The DynamoDB table that counts customers' attempts at orders."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from boto3.dynamodb.conditions import Key

from orders.domain.errors import TooManyOrdersError
from service_kit.aws import table
from service_kit.deadlines import within
from service_kit.outages import outage_reason
from service_kit.snapshots import after_restore
from service_kit.startup import at_start

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.service_resource import Table

logger = Logger()
metrics = Metrics()

# An order is worth more than an exact count of them.
CHECK_SECONDS = 1.0


class AllowanceTable:
    """Counts in windows of time, in an item for each customer and window, which DynamoDB expires.

    A window that is used up is remembered, so that a flood costs one write in each execution environment.
    Nothing but the number of the window is compared, so a clock that is wrong or set back can neither lock a
    customer out for longer than a window, nor undo what others have counted.

    Args:
        table_name: The table.
        most: How many attempts a customer has in a window.
        window_seconds: How long a window is.
    """

    def __init__(self, table_name: str, *, most: int, window_seconds: int) -> None:
        self._table_name = table_name
        self._most = most
        self._window_seconds = window_seconds
        self._window = 0
        self._used_up: set[str] = set()
        at_start(lambda: self._table)
        after_restore(self._used_up.clear)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def take(self, customer_id: str, now: datetime) -> None:
        """Count an attempt of a customer.

        Raises:
            TooManyOrdersError: the customer has had as many in this window as there may be.
        """
        seconds = now.timestamp()
        since = int(seconds // self._window_seconds) * self._window_seconds
        refusal = TooManyOrdersError(max(1, math.ceil(since + self._window_seconds - seconds)))
        if since != self._window:
            self._window = since
            self._used_up.clear()
        if customer_id in self._used_up:
            logger.debug("the allowance is known to be used up")
            raise refusal
        if not self._count(customer_id, since):
            logger.debug("the allowance is used up", window_seconds=self._window_seconds)
            self._used_up.add(customer_id)
            raise refusal

    def _count(self, customer_id: str, since: int) -> bool:
        """Count an attempt; False when there are as many as there may be."""
        # Made before, since the first client of a process takes a while that is not the table's.
        counts = self._table
        try:
            with within(CHECK_SECONDS):
                counts.update_item(
                    Key={"customerId": customer_id, "since": since},
                    UpdateExpression="ADD attempts :one SET expiresAt = :later",
                    ConditionExpression="attribute_not_exists(attempts) OR attempts < :most",
                    ExpressionAttributeValues={
                        ":one": 1,
                        ":most": self._most,
                        ":later": since + 2 * self._window_seconds,
                    },
                )
        except counts.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        except Exception as error:
            reason = outage_reason(error)
            if reason is None:
                raise
            metrics.add_metric(name="AllowanceNotCounted", unit=MetricUnit.Count, value=1)
            logger.warning("an order is placed without counting it", reason=reason)
        return True


class AllowanceCounts:
    """The same table, for who only deletes."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name

    def forget(self, customer_id: str) -> None:
        """Delete all counts of a customer; there are few, since DynamoDB expires them."""
        counts = table(self._table_name)
        found = counts.query(KeyConditionExpression=Key("customerId").eq(customer_id), ConsistentRead=True)
        for item in found["Items"]:
            counts.delete_item(Key={"customerId": customer_id, "since": item["since"]})
