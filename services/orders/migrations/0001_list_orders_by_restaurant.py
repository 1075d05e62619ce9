"""Give orders from before restaurants had lists their place in one, so that restaurants find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table
    from mypy_boto3_dynamodb.type_defs import ScanInputTableScanTypeDef

PAGE_SIZE = 100
WAITING = {"placed", "notified"}


def migrate(
    dynamodb: DynamoDBServiceResource, stage: str, cursor: str | None, *, is_dry_run: bool
) -> Iterator[tuple[str | None, int]]:
    """Set `answerQueue` where it is missing. Reads the whole table, once: no index has these orders."""
    table = dynamodb.Table(f"orders-{stage}")
    query: ScanInputTableScanTypeDef = {
        "Limit": PAGE_SIZE,
        "ConsistentRead": True,
        "ProjectionExpression": "orderId, restaurantName, #state, answerQueue",
        "ExpressionAttributeNames": {"#state": "state"},
    }
    while True:
        if cursor is not None:
            query["ExclusiveStartKey"] = {"orderId": cursor}
        page = table.scan(**query)
        lacking = [item for item in page["Items"] if "answerQueue" not in item]
        changed = len(lacking) if is_dry_run else sum(_list(table, item) for item in lacking)
        last = page.get("LastEvaluatedKey")
        cursor = None if last is None else str(last["orderId"])
        yield cursor, changed
        if cursor is None:
            return


def _list(table: Table, item: dict[str, Any]) -> bool:
    """Put an order into its list; False when it has one by now, or another state."""
    state = str(item["state"])
    queue = "waiting" if state in WAITING else state
    try:
        table.update_item(
            Key={"orderId": item["orderId"]},
            UpdateExpression="SET answerQueue = :queue",
            ConditionExpression="attribute_not_exists(answerQueue) AND #state = :state",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":queue": f"{item['restaurantName']}#{queue}", ":state": state},
        )
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True
