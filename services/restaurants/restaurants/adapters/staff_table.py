"""The DynamoDB table of staff: one item for each restaurant and member, and an index by address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from restaurants.domain.errors import RestaurantChangedError, RestaurantNotFoundError
from restaurants.domain.models import StaffMember
from service_kit.aws import table
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boto3.dynamodb.conditions import ConditionBase
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import QueryInputTableQueryTypeDef

BY_EMAIL = "staff-by-email"
# What a page of 1 MB would hold anyway.
PAGE_SIZE = 1000


class StaffTable:
    """Who answers the orders of which restaurant, kept in DynamoDB.

    Args:
        table_name: Its table.
        of_restaurants_in: The table of the restaurants.
    """

    def __init__(self, table_name: str, *, of_restaurants_in: str) -> None:
        self._table_name = table_name
        self._restaurants_table_name = of_restaurants_in
        at_start(lambda: self._table)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def add(self, restaurant_name: str, member: StaffMember) -> None:
        """Make a person staff of a restaurant, if it exists at that moment.

        Raises:
            RestaurantNotFoundError: there is none of that name.
            RestaurantChangedError: an admin changed it at the same time.
        """
        client = self._table.meta.client
        exists = {
            "TableName": self._restaurants_table_name,
            "Key": {"listing": "all", "name": restaurant_name},
            "ConditionExpression": "attribute_exists(listing)",
        }
        update = {
            "TableName": self._table_name,
            "Key": staff_key(restaurant_name, member.email),
            "UpdateExpression": "SET since = if_not_exists(since, :since)",
            "ExpressionAttributeValues": {":since": member.model_dump(mode="json")["since"]},
        }
        try:
            client.transact_write_items(
                TransactItems=[{"ConditionCheck": exists}, {"Update": update}]  # type: ignore[typeddict-item]
            )
        except client.exceptions.TransactionCanceledException as cancelled:
            reasons = [reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])]
            if "ConditionalCheckFailed" in reasons:
                raise RestaurantNotFoundError(restaurant_name) from cancelled
            if "TransactionConflict" in reasons:
                raise RestaurantChangedError(restaurant_name) from cancelled
            raise

    def remove(self, restaurant_name: str, email: str) -> None:
        """Make a person no staff of a restaurant, whether or not they were."""
        self._table.delete_item(Key=staff_key(restaurant_name, email))

    def find(self, restaurant_name: str, email: str) -> StaffMember | None:
        """Return a member of the staff of a restaurant, or None."""
        key = staff_key(restaurant_name, email)
        item = self._table.get_item(Key=key, ConsistentRead=True).get("Item")
        return None if item is None else StaffMember.model_validate(item)

    def of_restaurant(self, restaurant_name: str) -> list[StaffMember]:
        """Return the staff of a restaurant, by address."""
        found = self._all(Key("restaurantName").eq(restaurant_name), ConsistentRead=True)
        return [StaffMember.model_validate(item) for item in found]

    def restaurants_of(self, email: str) -> list[str]:
        """Return the names of the restaurants that a person is staff of, a moment late."""
        return [str(item["restaurantName"]) for item in self._all(Key("email").eq(email), IndexName=BY_EMAIL)]

    def _all(self, condition: ConditionBase, **how: Any) -> Iterator[dict[str, Any]]:
        query: QueryInputTableQueryTypeDef = {"KeyConditionExpression": condition, "Limit": PAGE_SIZE, **how}  # type: ignore[typeddict-item]
        while True:
            answer = self._table.query(**query)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def staff_key(restaurant_name: str, email: str) -> dict[str, str]:
    """Return the key of a member of the staff."""
    return {"restaurantName": restaurant_name, "email": email}
