"""The DynamoDB table of restaurants.

A restaurant is one item in the listing `all` and one in the listing of each of its themes, written in one
transaction. So listing, looking up and searching are each one read by key.

Its name is found by any part of it: for each place in the name there is an item that begins with what
follows, in the listing of its first character. These items are too many for the transaction. They are written
before it, so that no restaurant lacks them, and one without a restaurant is harmless: restaurants are read by
name.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from restaurants.domain.errors import RestaurantChangedError, RestaurantNotAsExpectedError
from restaurants.domain.models import NamePage, Restaurant, RestaurantPage, theme_key
from restaurants.domain.name_places import is_first_place, name_at, places_in, start_of_places
from service_kit.aws import table
from service_kit.outages import DependencyUnavailable
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from boto3.dynamodb.conditions import ConditionBase
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import QueryInputTableQueryTypeDef, QueryOutputTableTypeDef

    from restaurants.domain.models import Expectation

ALL = "all"
MOST_KEYS_AT_ONCE = 100
ATTEMPTS = 3
BACK_OFF_SECONDS = 0.1
# A short text is in a name more than once.
PLACES_PER_NAME = 4
CHANGED_MEANWHILE = {"ConditionalCheckFailed", "TransactionConflict"}


class CatalogueUnavailable(DependencyUnavailable):
    """DynamoDB has too little capacity now; HTTP answers 503."""


class RestaurantTable:
    """The catalogue, kept in DynamoDB."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        at_start(lambda: self._table)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def page(self, *, after: str | None, count: int) -> RestaurantPage:
        """Return the first restaurants by name, or those behind the name `after`."""
        return self._query(ALL, after, count)

    def page_of_theme(self, theme: str, *, after: str | None, count: int) -> RestaurantPage:
        """Return the first restaurants of a theme by name, or those behind the name `after`."""
        return self._query(_theme_listing(theme), after, count)

    def names_with(self, key: str, *, after: str | None, count: int) -> NamePage:
        """Return at most `count` names that have a search key in them, each once; `last` is a place."""
        listing, start = _places_listing(key), start_of_places(key)
        condition = Key("listing").eq(listing) & Key("name").begins_with(start)
        answer = self._read(condition, listing, after, PLACES_PER_NAME * count)
        # Only the first place in a name counts, so that no other page shows it again.
        first = [place for item in answer["Items"] if is_first_place(place := str(item["name"]), key)]
        names = [name_at(place) for place in first[:count]]
        if len(first) > count:
            return NamePage(names=names, last=first[count - 1])
        last = answer.get("LastEvaluatedKey")
        return NamePage(names=names, last=None if last is None else str(last["name"]))

    def find(self, name: str) -> Restaurant | None:
        """Return one restaurant, or None when there is none of that name."""
        item = self._item(name)
        return None if item is None else Restaurant.model_validate(item)

    def find_all(self, names: Sequence[str]) -> list[Restaurant]:
        """Return the restaurants of these names, in their order; a name that none has is left out.

        Raises:
            CatalogueUnavailable: DynamoDB did not give all of them, in several tries.
        """
        found: dict[str, Restaurant] = {}
        for start in range(0, len(names), MOST_KEYS_AT_ONCE):
            found |= self._some(names[start : start + MOST_KEYS_AT_ONCE])
        return [found[name] for name in names if name in found]

    def _some(self, names: Sequence[str]) -> dict[str, Restaurant]:
        found: dict[str, Restaurant] = {}
        keys: list[dict[str, Any]] = [{"listing": ALL, "name": name} for name in names]
        for attempt in range(ATTEMPTS):
            # DynamoDB leaves out what it had no capacity for.
            time.sleep(BACK_OFF_SECONDS * attempt * (0.5 + random.random()))  # noqa: S311, jitter
            answer = self._table.meta.client.batch_get_item(RequestItems={self._table_name: {"Keys": keys}})
            shown = map(Restaurant.model_validate, answer["Responses"].get(self._table_name, []))
            found |= {restaurant.name: restaurant for restaurant in shown}
            left = answer.get("UnprocessedKeys", {}).get(self._table_name)
            if not left:
                return found
            keys = list(left["Keys"])
        raise CatalogueUnavailable(f"{len(keys)} restaurants were not read in {ATTEMPTS} tries")

    def put(self, restaurant: Restaurant, *, expects: Expectation | None = None) -> None:
        """Add the restaurant, or replace the one of the same name, if that is as expected."""
        before = self._item(restaurant.name)
        _check(restaurant.name, before, expects)
        main, *themed = items_of(restaurant, version=int(before["version"]) + 1 if before else 1)
        gone = _theme_listings(before["themes"] if before else ()) - _theme_listings(restaurant.themes)
        self._put_places(restaurant.name)
        self._write(
            restaurant.name,
            [{"Put": self._put(main) | _unchanged(before)}, *({"Put": self._put(item)} for item in themed)],
            gone,
            expects,
        )

    def add(self, restaurant: Restaurant, *, origin: str) -> bool:
        """Add a restaurant that comes from `origin`; False when one of its name exists from elsewhere."""
        before = self._item(restaurant.name)
        if before is not None:
            return bool(before.get("origin") == origin)
        self._put_places(restaurant.name)
        main, *themed = items_of(restaurant, version=1)
        new = {"Put": self._put(main | {"origin": origin}) | _unchanged(None)}
        self._write(restaurant.name, [new, *({"Put": self._put(item)} for item in themed)])
        return True

    def remove(self, name: str, *, expects: Expectation | None = None) -> bool:
        """Remove a restaurant, if it is as expected; False when there is none of that name."""
        before = self._item(name)
        if before is None:
            return False
        _check(name, before, expects)
        delete = self._delete(ALL, name) | _unchanged(before)
        # Before, and not after: whoever puts a restaurant of this name once it is gone writes them then.
        with self._table.batch_writer() as batch:
            for item in place_items(name):
                batch.delete_item(Key=item)
        try:
            self._write(name, [{"Delete": delete}], _theme_listings(before["themes"]), expects)
        except (RestaurantChangedError, RestaurantNotAsExpectedError):
            self._put_places(name)
            raise
        return True

    def _put_places(self, name: str) -> None:
        with self._table.batch_writer() as batch:
            for item in place_items(name):
                batch.put_item(Item=item)

    def _read(
        self, condition: ConditionBase, listing: str, after: str | None, count: int
    ) -> QueryOutputTableTypeDef:
        query: QueryInputTableQueryTypeDef = {"KeyConditionExpression": condition, "Limit": count}
        if after is not None:
            query["ExclusiveStartKey"] = {"listing": listing, "name": after}
        return self._table.query(**query)

    def _query(self, listing: str, after: str | None, count: int) -> RestaurantPage:
        answer = self._read(Key("listing").eq(listing), listing, after, count)
        last = answer.get("LastEvaluatedKey")
        return RestaurantPage(
            restaurants=[Restaurant.model_validate(item) for item in answer["Items"]],
            last=None if last is None else str(last["name"]),
        )

    def _item(self, name: str) -> dict[str, Any] | None:
        return self._table.get_item(Key={"listing": ALL, "name": name}, ConsistentRead=True).get("Item")

    def _put(self, item: dict[str, Any]) -> dict[str, Any]:
        return {"TableName": self._table_name, "Item": item}

    def _delete(self, listing: str, name: str) -> dict[str, Any]:
        return {"TableName": self._table_name, "Key": {"listing": listing, "name": name}}

    def _write(
        self,
        name: str,
        writes: list[dict[str, Any]],
        gone: Iterable[str] = (),
        expects: Expectation | None = None,
    ) -> None:
        client = self._table.meta.client
        deletes = [{"Delete": self._delete(listing, name)} for listing in sorted(gone)]
        try:
            client.transact_write_items(TransactItems=[*writes, *deletes])  # type: ignore[list-item]
        except client.exceptions.TransactionCanceledException as cancelled:
            reasons = {reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])}
            if reasons & CHANGED_MEANWHILE:
                changed = RestaurantChangedError if expects is None else RestaurantNotAsExpectedError
                raise changed(name) from cancelled
            raise


def items_of(restaurant: Restaurant, *, version: int) -> list[dict[str, Any]]:
    """Return the items that a restaurant is: that in the listing of all, and one for each of its themes."""
    shown = restaurant.model_dump(mode="json")
    themed = [{"listing": listing} | shown for listing in sorted(_theme_listings(restaurant.themes))]
    return [{"listing": ALL} | shown | {"version": version}, *themed]


def place_items(name: str) -> list[dict[str, str]]:
    """Return the items by which a name is found by any part of it, which are nothing but their keys."""
    return [{"listing": _places_listing(place), "name": place} for place in places_in(name)]


def _check(name: str, before: dict[str, Any] | None, expects: Expectation | None) -> None:
    if expects is not None and not expects(None if before is None else Restaurant.model_validate(before)):
        raise RestaurantNotAsExpectedError(name)


def _unchanged(before: dict[str, Any] | None) -> dict[str, Any]:
    """Return the condition that the restaurant is what was read.

    Its version alone does not say so: one that is deleted and added again begins with the first.
    """
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(listing)"}
    return {
        "ConditionExpression": "version = :version AND image = :image AND themes = :themes",
        "ExpressionAttributeValues": {f":{name}": before[name] for name in ("version", "image", "themes")},
    }


def _theme_listing(theme: str) -> str:
    return f"theme#{theme_key(theme)}"


def _places_listing(place: str) -> str:
    return f"place#{place[0]}"


def _theme_listings(themes: Iterable[str]) -> set[str]:
    return {_theme_listing(theme) for theme in themes}
