"""The DynamoDB table of restaurants.

A restaurant is one item in the listing `all` and one in the listing of each of its themes, written in one
transaction. So listing, looking up and searching are each one read by key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from restaurants.domain.errors import RestaurantChangedError
from restaurants.domain.models import Restaurant, theme_key
from service_kit.clients import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.service_resource import Table

ALL = "all"
CHANGED_MEANWHILE = {"ConditionalCheckFailed", "TransactionConflict"}


class RestaurantTable:
    """The catalogue, kept in DynamoDB."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def first(self, count: int) -> list[Restaurant]:
        """Give the first `count` restaurants by name."""
        return self._query(ALL, count)

    def with_theme(self, theme: str, count: int) -> list[Restaurant]:
        """Give the first `count` restaurants of a theme by name."""
        return self._query(_theme_listing(theme), count)

    def find(self, name: str) -> Restaurant | None:
        """Give one restaurant, or None when there is none of that name."""
        item = self._item(name)
        return None if item is None else Restaurant.model_validate(item)

    def put(self, restaurant: Restaurant) -> None:
        """Add the restaurant, or replace the one of the same name."""
        before = self._item(restaurant.name)
        listings = _theme_listings(restaurant.themes)
        gone = _theme_listings(before["themes"] if before else ()) - listings
        self._write(
            restaurant.name,
            [
                self._put_main(restaurant, before),
                *(self._put(listing, restaurant) for listing in sorted(listings)),
            ],
            gone,
        )

    def remove(self, name: str) -> bool:
        """Remove a restaurant; False when there is none of that name."""
        before = self._item(name)
        if before is None:
            return False
        delete = self._delete(ALL, name) | _unchanged(before)
        self._write(name, [{"Delete": delete}], _theme_listings(before["themes"]))
        return True

    def _query(self, listing: str, count: int) -> list[Restaurant]:
        answer = self._table.query(KeyConditionExpression=Key("listing").eq(listing), Limit=count)
        return [Restaurant.model_validate(item) for item in answer["Items"]]

    def _item(self, name: str) -> dict[str, Any] | None:
        return self._table.get_item(Key={"listing": ALL, "name": name}, ConsistentRead=True).get("Item")

    def _put_main(self, restaurant: Restaurant, before: dict[str, Any] | None) -> dict[str, Any]:
        put = self._put(ALL, restaurant)
        put["Put"]["Item"]["version"] = int(before["version"]) + 1 if before else 1
        put["Put"] |= _unchanged(before)
        return put

    def _put(self, listing: str, restaurant: Restaurant) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self._table_name,
                "Item": {"listing": listing} | restaurant.model_dump(mode="json"),
            }
        }

    def _delete(self, listing: str, name: str) -> dict[str, Any]:
        return {"TableName": self._table_name, "Key": {"listing": listing, "name": name}}

    def _write(self, name: str, writes: list[dict[str, Any]], gone: set[str]) -> None:
        client = self._table.meta.client
        deletes = [{"Delete": self._delete(listing, name)} for listing in sorted(gone)]
        try:
            client.transact_write_items(TransactItems=[*writes, *deletes])  # type: ignore[list-item]
        except client.exceptions.TransactionCanceledException as cancelled:
            reasons = {reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])}
            if reasons & CHANGED_MEANWHILE:
                raise RestaurantChangedError(name) from cancelled
            raise


def _unchanged(before: dict[str, Any] | None) -> dict[str, Any]:
    """Give the condition that nobody has written the restaurant since it was read."""
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(listing)"}
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": {":version": before["version"]},
    }


def _theme_listing(theme: str) -> str:
    return f"theme#{theme_key(theme)}"


def _theme_listings(themes: Iterable[str]) -> set[str]:
    return {_theme_listing(theme) for theme in themes}
