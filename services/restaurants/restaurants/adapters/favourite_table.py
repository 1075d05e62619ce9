"""The DynamoDB table of favourites: one item for each bookmark, by customer and name.

They are kept apart from the catalogue, so that no function that shows it can read who likes what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from boto3.dynamodb.conditions import Key

from restaurants.domain.models import NamePage
from service_kit.aws import table
from service_kit.startup import at_start

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import QueryInputTableQueryTypeDef

MOST_AT_ONCE = 1000


class FavouriteTable:
    """What customers have bookmarked, kept in DynamoDB."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        at_start(lambda: self._table)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def add(self, customer_id: str, restaurant_name: str) -> None:
        """Bookmark a restaurant; one that is bookmarked already stays so."""
        self._table.put_item(Item=favourite_item(customer_id, restaurant_name))

    def remove(self, customer_id: str, restaurant_name: str) -> None:
        """Remove a bookmark, if there is one."""
        self._table.delete_item(Key=favourite_item(customer_id, restaurant_name))

    def remove_all(self, customer_id: str) -> None:
        """Remove all bookmarks of a customer."""
        last: str | None = None
        while True:
            page = self.of_customer(customer_id, after=last, count=MOST_AT_ONCE)
            with self._table.batch_writer() as batch:
                for name in page.names:
                    batch.delete_item(Key=favourite_item(customer_id, name))
            if (last := page.last) is None:
                return

    def of_customer(self, customer_id: str, *, after: str | None, count: int) -> NamePage:
        """Return the first names that a customer has bookmarked, or those behind the name `after`."""
        query: QueryInputTableQueryTypeDef = {
            "KeyConditionExpression": Key("customerId").eq(customer_id),
            "Limit": count,
            # Who has just bookmarked something wants to see it.
            "ConsistentRead": True,
        }
        if after is not None:
            query["ExclusiveStartKey"] = favourite_item(customer_id, after)
        answer = self._table.query(**query)
        last = answer.get("LastEvaluatedKey")
        return NamePage(
            names=[str(item["name"]) for item in answer["Items"]],
            last=None if last is None else str(last["name"]),
        )


def favourite_item(customer_id: str, restaurant_name: str) -> dict[str, str]:
    """Return the item of a bookmark, which is nothing but its key."""
    return {"customerId": customer_id, "name": restaurant_name}
