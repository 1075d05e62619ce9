"""The restaurants in DynamoDB: what it is asked, and what is made of its answers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from restaurants import wiring
from restaurants.adapters import restaurant_table
from restaurants.adapters.restaurant_table import CatalogueUnavailable, RestaurantTable
from restaurants.domain.errors import RestaurantChangedError
from restaurants.domain.models import Restaurant
from restaurants.domain.name_places import places_in

from .restaurants_fakes import restaurant

TABLE = "restaurants-test"
FANGTASIA = restaurant("Fangtasia", "True Blood", "vampires")
NEW = {"ConditionExpression": "attribute_not_exists(listing)"}


@pytest.fixture
def table() -> RestaurantTable:
    return wiring.catalogue()


def as_answered(shown: Restaurant, *, listing: str = "all", version: int = 3) -> dict[str, Any]:
    """Return an item as DynamoDB writes it."""
    return {
        "listing": {"S": listing},
        "name": {"S": shown.name},
        "image": {"S": shown.image},
        "themes": {"L": [{"S": theme} for theme in shown.themes]},
        "version": {"N": str(version)},
    }


def put(listing: str, shown: Restaurant, **members: object) -> dict[str, Any]:
    """Return the write of a restaurant into a listing."""
    item: dict[str, object] = {
        "listing": listing,
        "name": shown.name,
        "image": shown.image,
        "themes": list(shown.themes),
    }
    if "version" in members:
        item["version"] = members.pop("version")
    return {"Put": {"TableName": TABLE, "Item": item} | members}


def delete(listing: str, name: str, **members: object) -> dict[str, Any]:
    """Return the removal of a restaurant from a listing."""
    return {"Delete": {"TableName": TABLE, "Key": {"listing": listing, "name": name}} | members}


def answer_places(dynamodb: Stubber, name: str, *, gone: bool = False) -> None:
    """Let DynamoDB write or remove the places of a name, which fit one call."""
    keys = [{"listing": f"place#{place[0]}", "name": place} for place in places_in(name)]
    requests = [{"DeleteRequest": {"Key": key}} if gone else {"PutRequest": {"Item": key}} for key in keys]
    dynamodb.add_response("batch_write_item", {"UnprocessedItems": {}}, {"RequestItems": {TABLE: requests}})


def unchanged(read: Restaurant, version: int) -> dict[str, Any]:
    """Return the condition that the restaurant is what was read."""
    return {
        "ConditionExpression": "version = :version AND image = :image AND themes = :themes",
        "ExpressionAttributeValues": {
            ":version": Decimal(version),
            ":image": read.image,
            ":themes": list(read.themes),
        },
    }


def answer_lookup(dynamodb: Stubber, name: str, item: dict[str, Any] | None) -> None:
    dynamodb.add_response(
        "get_item",
        {} if item is None else {"Item": item},
        {"TableName": TABLE, "Key": {"listing": "all", "name": name}, "ConsistentRead": True},
    )


def answer_query(
    dynamodb: Stubber, listing: str, count: int, *items: dict[str, Any], after: str | None = None
) -> None:
    """Let DynamoDB answer a query that stops at its limit, if it has found as many."""
    asked = {"TableName": TABLE, "KeyConditionExpression": Key("listing").eq(listing), "Limit": count}
    if after is not None:
        asked["ExclusiveStartKey"] = {"listing": listing, "name": after}
    answer: dict[str, Any] = {"Items": list(items)}
    if len(items) == count:
        answer["LastEvaluatedKey"] = {name: items[-1][name] for name in ("listing", "name")}
    dynamodb.add_response("query", answer, asked)


def test_listing_reads_only_as_many_as_it_gives(table: RestaurantTable, dynamodb: Stubber) -> None:
    answer_query(dynamodb, "all", 2, as_answered(FANGTASIA), as_answered(restaurant("Lil' Bits")))
    page = table.page(after=None, count=2)
    assert (page.restaurants, page.last) == ([FANGTASIA, restaurant("Lil' Bits")], "Lil' Bits")


def test_the_next_page_is_read_from_where_the_last_one_ended(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_query(dynamodb, "all", 2, as_answered(restaurant("Lil' Bits")), after="Fangtasia")
    page = table.page(after="Fangtasia", count=2)
    assert (page.restaurants, page.last) == ([restaurant("Lil' Bits")], None)


@pytest.mark.parametrize("theme", ["true blood", "TRUE BLOOD", " true  blood "])
def test_searching_reads_only_the_themes_own_listing(
    table: RestaurantTable, dynamodb: Stubber, theme: str
) -> None:
    answer_query(dynamodb, "theme#true blood", 8, as_answered(FANGTASIA, listing="theme#true blood"))
    assert table.page_of_theme(theme, after=None, count=8).restaurants == [FANGTASIA]


def test_the_next_page_of_a_theme_is_read_from_its_own_listing(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_query(dynamodb, "theme#vampires", 8, after="Fangtasia")
    assert table.page_of_theme("vampires", after="Fangtasia", count=8).restaurants == []


def test_looking_up_reads_the_restaurant_as_it_is_now(table: RestaurantTable, dynamodb: Stubber) -> None:
    answer_lookup(dynamodb, "Fangtasia", as_answered(FANGTASIA))
    assert table.find("Fangtasia") == FANGTASIA


def test_looking_up_a_restaurant_that_does_not_exist_gives_none(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", None)
    assert table.find("Fangtasia") is None


def answer_batch(
    dynamodb: Stubber, asked: Sequence[str], *found: Restaurant, left: Sequence[str] = ()
) -> None:
    """Let DynamoDB answer a batch of look-ups, some of which it leaves for later."""
    answer: dict[str, Any] = {
        "Responses": {TABLE: [as_answered(one) for one in found]},
        "UnprocessedKeys": {
            TABLE: {"Keys": [{"listing": {"S": "all"}, "name": {"S": name}} for name in left]}
        }
        if left
        else {},
    }
    keys = [{"listing": "all", "name": name} for name in asked]
    dynamodb.add_response("batch_get_item", answer, {"RequestItems": {TABLE: {"Keys": keys}}})


def test_looking_up_many_gives_them_in_the_order_asked_for(table: RestaurantTable, dynamodb: Stubber) -> None:
    bits = restaurant("Lil' Bits")
    answer_batch(dynamodb, ["Fangtasia", "Gone", "Lil' Bits"], bits, FANGTASIA)
    assert table.find_all(["Fangtasia", "Gone", "Lil' Bits"]) == [FANGTASIA, bits]


@pytest.mark.usefixtures("dynamodb")
def test_looking_up_none_reads_nothing(table: RestaurantTable) -> None:
    assert table.find_all([]) == []


def test_looking_up_more_than_a_batch_takes_several(table: RestaurantTable, dynamodb: Stubber) -> None:
    names = [f"{number:03}" for number in range(101)]
    answer_batch(dynamodb, names[:100], *map(restaurant, names[:100]))
    answer_batch(dynamodb, names[100:], restaurant("100"))
    assert [found.name for found in table.find_all(names)] == names


@pytest.fixture
def no_back_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restaurant_table, "BACK_OFF_SECONDS", 0)


@pytest.mark.usefixtures("no_back_off")
def test_what_was_left_for_later_is_asked_for_again(table: RestaurantTable, dynamodb: Stubber) -> None:
    bits = restaurant("Lil' Bits")
    answer_batch(dynamodb, ["Fangtasia", "Lil' Bits"], FANGTASIA, left=["Lil' Bits"])
    answer_batch(dynamodb, ["Lil' Bits"], bits)
    assert table.find_all(["Fangtasia", "Lil' Bits"]) == [FANGTASIA, bits]


@pytest.mark.usefixtures("no_back_off")
def test_a_half_read_answer_is_none(table: RestaurantTable, dynamodb: Stubber) -> None:
    for _ in range(3):
        answer_batch(dynamodb, ["Fangtasia"], left=["Fangtasia"])
    with pytest.raises(CatalogueUnavailable, match="1 restaurants"):
        table.find_all(["Fangtasia"])


def test_what_was_left_for_later_is_asked_for_after_a_growing_pause(
    table: RestaurantTable, dynamodb: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("restaurants.adapters.restaurant_table.time.sleep", pauses.append)
    monkeypatch.setattr("restaurants.adapters.restaurant_table.random.random", lambda: 0.75)
    for _ in range(3):
        answer_batch(dynamodb, ["Fangtasia"], left=["Fangtasia"])
    with pytest.raises(CatalogueUnavailable):
        table.find_all(["Fangtasia"])
    assert pauses == pytest.approx([0, 0.125, 0.25])


def test_an_answer_without_any_restaurant_is_none(table: RestaurantTable, dynamodb: Stubber) -> None:
    dynamodb.add_response("batch_get_item", {"Responses": {}})
    assert table.find_all(["Fangtasia"]) == []


def test_a_new_restaurant_is_written_into_all_its_listings_at_once(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", None)
    answer_places(dynamodb, "Fangtasia")
    written = [
        put("all", FANGTASIA, version=1, **NEW),
        put("theme#true blood", FANGTASIA),
        put("theme#vampires", FANGTASIA),
    ]
    dynamodb.add_response("transact_write_items", {}, {"TransactItems": written})
    table.put(FANGTASIA)


def test_a_changed_restaurant_leaves_the_listings_of_the_themes_that_it_lost(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", as_answered(FANGTASIA, version=3))
    answer_places(dynamodb, "Fangtasia")
    changed = restaurant("Fangtasia", "vampires", "Louisiana")
    written = [
        put("all", changed, version=4, **unchanged(FANGTASIA, 3)),
        put("theme#louisiana", changed),
        put("theme#vampires", changed),
        delete("theme#true blood", "Fangtasia"),
    ]
    dynamodb.add_response("transact_write_items", {}, {"TransactItems": written})
    table.put(changed)


def test_a_theme_that_only_changes_its_case_stays_in_its_listing(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    before = restaurant("Lil' Bits", "cartoon")
    answer_lookup(dynamodb, "Lil' Bits", as_answered(before, version=1))
    answer_places(dynamodb, "Lil' Bits")
    changed = restaurant("Lil' Bits", "CARTOON", "Cartoon")
    written = [put("all", changed, version=2, **unchanged(before, 1)), put("theme#cartoon", changed)]
    dynamodb.add_response("transact_write_items", {}, {"TransactItems": written})
    table.put(changed)


def test_a_removed_restaurant_leaves_all_its_listings_at_once(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", as_answered(FANGTASIA, version=3))
    answer_places(dynamodb, "Fangtasia", gone=True)
    written = [
        delete("all", "Fangtasia", **unchanged(FANGTASIA, 3)),
        delete("theme#true blood", "Fangtasia"),
        delete("theme#vampires", "Fangtasia"),
    ]
    dynamodb.add_response("transact_write_items", {}, {"TransactItems": written})
    assert table.remove("Fangtasia") is True


def test_removing_a_restaurant_that_does_not_exist_writes_nothing(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", None)
    assert table.remove("Fangtasia") is False


def cancel(dynamodb: Stubber, reason: str) -> None:
    """Let the next transaction fail for a reason."""
    dynamodb.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": reason}, {"Code": "None"}]},
    )


def test_a_restaurant_that_was_changed_since_it_was_read_is_not_overwritten(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", as_answered(FANGTASIA))
    answer_places(dynamodb, "Fangtasia")
    cancel(dynamodb, "ConditionalCheckFailed")
    with pytest.raises(RestaurantChangedError, match="“Fangtasia”"):
        table.put(FANGTASIA)


def test_a_restaurant_that_was_changed_since_it_was_read_is_not_removed(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", as_answered(FANGTASIA))
    answer_places(dynamodb, "Fangtasia", gone=True)
    cancel(dynamodb, "ConditionalCheckFailed")
    answer_places(dynamodb, "Fangtasia")
    with pytest.raises(RestaurantChangedError):
        table.remove("Fangtasia")


def test_a_transaction_that_was_throttled_is_no_conflict(table: RestaurantTable, dynamodb: Stubber) -> None:
    answer_lookup(dynamodb, "Fangtasia", as_answered(FANGTASIA))
    answer_places(dynamodb, "Fangtasia", gone=True)
    cancel(dynamodb, "ThrottlingError")
    with pytest.raises(ClientError, match="TransactionCanceled"):
        table.remove("Fangtasia")


def test_a_transaction_that_is_cancelled_without_a_reason_is_no_conflict(
    table: RestaurantTable, dynamodb: Stubber
) -> None:
    answer_lookup(dynamodb, "Fangtasia", as_answered(FANGTASIA))
    answer_places(dynamodb, "Fangtasia", gone=True)
    dynamodb.add_client_error("transact_write_items", "TransactionCanceledException")
    with pytest.raises(ClientError, match="TransactionCanceled"):
        table.remove("Fangtasia")
