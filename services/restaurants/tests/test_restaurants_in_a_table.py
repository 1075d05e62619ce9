"""What is in the tables after each write of a restaurant or a bookmark; the tables are real ones."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from devtools import local_tables, snapshot_hooks
from restaurants.adapters import favourite_table, staff_table
from restaurants.adapters.favourite_table import FavouriteTable
from restaurants.adapters.restaurant_table import RestaurantTable
from restaurants.adapters.staff_table import StaffTable
from restaurants.adapters.submission_table import SubmissionTable
from restaurants.domain.errors import (
    RestaurantChangedError,
    RestaurantNotAsExpectedError,
    RestaurantNotFoundError,
    SubmissionDecidedError,
    SubmissionNotFoundError,
)
from restaurants.domain.name_places import places_in, search_key
from restaurants.domain.submissions import SubmissionState

from .restaurants_fakes import restaurant, staff_member, submission

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb.service_resource import Table

    from restaurants.domain.models import Restaurant
    from service_kit.testing import MadeClients

FANGTASIA = restaurant("Fangtasia", "True Blood", "vampires")
BITS = restaurant("Lil' Bits", "cartoon")


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Table:
    local_tables.use_emulator(monkeypatch)
    return local_tables.make_table("restaurants", "table.yml")


@pytest.fixture
def catalogue(stored: Table) -> RestaurantTable:
    return RestaurantTable(stored.name)


def item(listing: str, shown: Restaurant, **members: int) -> dict[str, Any]:
    return {
        "listing": listing,
        "name": shown.name,
        "image": shown.image,
        "themes": list(shown.themes),
        **members,
    }


def items(table: Table) -> list[dict[str, Any]]:
    """Return all items but the places of names."""
    found = [
        item for item in table.scan(ConsistentRead=True)["Items"] if "version" in item or "image" in item
    ]
    return sorted(found, key=lambda item: (item.get("listing"), item["name"]))


def places(table: Table) -> list[str]:
    """Return the places of names, sorted."""
    found = table.scan(ConsistentRead=True)["Items"]
    return sorted(str(item["name"]) for item in found if str(item["listing"]).startswith("place#"))


def test_a_restaurant_is_in_the_listing_of_all_and_of_each_of_its_themes(
    catalogue: RestaurantTable, stored: Table
) -> None:
    catalogue.put(FANGTASIA)
    assert items(stored) == [
        item("all", FANGTASIA, version=1),
        item("theme#true blood", FANGTASIA),
        item("theme#vampires", FANGTASIA),
    ]


def test_a_changed_restaurant_is_out_of_the_listings_of_the_themes_that_it_lost(
    catalogue: RestaurantTable, stored: Table
) -> None:
    catalogue.put(FANGTASIA)
    changed = restaurant("Fangtasia", "VAMPIRES", "Louisiana", image="other")
    catalogue.put(changed)
    assert items(stored) == [
        item("all", changed, version=2),
        item("theme#louisiana", changed),
        item("theme#vampires", changed),
    ]


def test_a_removed_restaurant_is_in_no_listing(catalogue: RestaurantTable, stored: Table) -> None:
    catalogue.put(FANGTASIA)
    catalogue.put(BITS)
    assert catalogue.remove("Fangtasia") is True
    assert items(stored) == [item("all", BITS, version=1), item("theme#cartoon", BITS)]


def test_removing_a_restaurant_that_does_not_exist_changes_nothing(
    catalogue: RestaurantTable, stored: Table
) -> None:
    catalogue.put(BITS)
    assert catalogue.remove("Fangtasia") is False
    assert len(items(stored)) == 2


def changed_meanwhile(
    catalogue: RestaurantTable, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]
) -> None:
    """Let another change a restaurant after the next look-up of it."""
    look_up = catalogue._item

    def look_up_and_change(name: str) -> dict[str, Any] | None:
        monkeypatch.setattr(catalogue, "_item", look_up)
        found = look_up(name)
        change()
        return found

    monkeypatch.setattr(catalogue, "_item", look_up_and_change)


OTHER = restaurant("Fangtasia", "bars")


def test_a_restaurant_that_another_added_meanwhile_is_not_overwritten(
    catalogue: RestaurantTable, stored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_meanwhile(catalogue, monkeypatch, lambda: catalogue.put(OTHER))
    with pytest.raises(RestaurantChangedError):
        catalogue.put(FANGTASIA)
    assert items(stored) == [item("all", OTHER, version=1), item("theme#bars", OTHER)]


def test_a_restaurant_that_another_changed_meanwhile_is_not_overwritten(
    catalogue: RestaurantTable, stored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.put(FANGTASIA)
    changed_meanwhile(catalogue, monkeypatch, lambda: catalogue.put(OTHER))
    with pytest.raises(RestaurantChangedError):
        catalogue.put(FANGTASIA)
    assert items(stored) == [item("all", OTHER, version=2), item("theme#bars", OTHER)]


def test_a_restaurant_that_another_changed_meanwhile_is_not_removed(
    catalogue: RestaurantTable, stored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.put(FANGTASIA)
    changed_meanwhile(catalogue, monkeypatch, lambda: catalogue.put(OTHER))
    with pytest.raises(RestaurantChangedError):
        catalogue.remove("Fangtasia")
    assert items(stored) == [item("all", OTHER, version=2), item("theme#bars", OTHER)]


def test_a_restaurant_that_another_removed_meanwhile_does_not_come_back(
    catalogue: RestaurantTable, stored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.put(FANGTASIA)
    changed_meanwhile(catalogue, monkeypatch, lambda: catalogue.remove("Fangtasia"))
    with pytest.raises(RestaurantChangedError):
        catalogue.put(FANGTASIA)
    assert items(stored) == []


def change(catalogue: RestaurantTable, is_removal: bool, expected: Restaurant | None) -> None:
    """Change a restaurant, if it is as expected."""
    if is_removal:
        catalogue.remove("Fangtasia", expects=lambda found: found == expected)
    else:
        catalogue.put(FANGTASIA, expects=lambda found: found == expected)


@pytest.mark.parametrize("is_removal", [True, False])
def test_a_restaurant_that_is_as_expected_is_changed(
    catalogue: RestaurantTable, stored: Table, is_removal: bool
) -> None:
    catalogue.put(OTHER)
    change(catalogue, is_removal, OTHER)
    assert len(items(stored)) == (0 if is_removal else 3)


@pytest.mark.parametrize("is_removal", [True, False])
def test_a_restaurant_that_is_not_as_expected_stays_as_it_is(
    catalogue: RestaurantTable, stored: Table, is_removal: bool
) -> None:
    catalogue.put(OTHER)
    with pytest.raises(RestaurantNotAsExpectedError, match="send its ETag as If-Match"):
        change(catalogue, is_removal, FANGTASIA)
    assert items(stored) == [item("all", OTHER, version=1), item("theme#bars", OTHER)]
    assert places(stored) == places_in("Fangtasia")


@pytest.mark.parametrize("is_removal", [True, False])
def test_a_restaurant_that_is_as_expected_until_another_changes_it_stays_as_it_is(
    catalogue: RestaurantTable, stored: Table, monkeypatch: pytest.MonkeyPatch, is_removal: bool
) -> None:
    catalogue.put(FANGTASIA)
    changed_meanwhile(catalogue, monkeypatch, lambda: catalogue.put(OTHER))
    with pytest.raises(RestaurantNotAsExpectedError):
        change(catalogue, is_removal, FANGTASIA)
    assert items(stored) == [item("all", OTHER, version=2), item("theme#bars", OTHER)]
    assert places(stored) == places_in("Fangtasia")


def test_a_restaurant_that_is_expected_but_does_not_exist_is_not_added(
    catalogue: RestaurantTable, stored: Table
) -> None:
    with pytest.raises(RestaurantNotAsExpectedError):
        catalogue.put(FANGTASIA, expects=lambda found: found is not None)
    assert stored.scan()["Items"] == []


def test_a_restaurant_that_another_replaced_by_a_new_one_meanwhile_is_not_overwritten(
    catalogue: RestaurantTable, stored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.put(FANGTASIA)

    def replace() -> None:
        catalogue.remove("Fangtasia")
        catalogue.put(OTHER)

    changed_meanwhile(catalogue, monkeypatch, replace)
    with pytest.raises(RestaurantChangedError):
        catalogue.put(FANGTASIA)
    assert items(stored) == [item("all", OTHER, version=1), item("theme#bars", OTHER)]


def test_a_name_is_found_by_its_places_until_it_is_removed(catalogue: RestaurantTable, stored: Table) -> None:
    catalogue.put(FANGTASIA)
    catalogue.put(BITS)
    assert places(stored) == sorted(places_in("Fangtasia") + places_in("Lil' Bits"))
    assert catalogue.names_with("i", after=None, count=10).names == ["Fangtasia", "Lil' Bits"]
    catalogue.remove("Fangtasia")
    assert places(stored) == places_in("Lil' Bits")
    assert catalogue.names_with("i", after=None, count=10).names == ["Lil' Bits"]


def test_a_name_is_found_once_however_often_the_text_is_in_it(catalogue: RestaurantTable) -> None:
    for name in ("Banana", "Papaya", "Kiwi"):
        catalogue.put(restaurant(name))
    found, after = [], None
    while True:
        page = catalogue.names_with("a", after=after, count=1)
        found += page.names
        if (after := page.last) is None:
            break
    assert sorted(found) == ["Banana", "Papaya"]


def test_a_restaurant_that_could_not_be_removed_is_still_found(
    catalogue: RestaurantTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.put(FANGTASIA)
    changed_meanwhile(catalogue, monkeypatch, lambda: catalogue.put(OTHER))
    with pytest.raises(RestaurantChangedError):
        catalogue.remove("Fangtasia")
    assert catalogue.names_with("tasia", after=None, count=1).names == ["Fangtasia"]


def test_the_longest_name_is_found_by_its_end_and_as_a_whole(
    catalogue: RestaurantTable, stored: Table
) -> None:
    name = "🍔" * 60 + "abcdefghijklmnopqrstuvwxyzabcdefghijkl 9"
    catalogue.put(restaurant(name))
    assert len(places(stored)) == len(places_in(name)) > 50
    for text in ("9", "kl 9", search_key(name), "🍔" * 60):
        assert catalogue.names_with(text, after=None, count=2).names == [name]


def test_restaurants_are_listed_by_name_in_pages(catalogue: RestaurantTable) -> None:
    for name in ("Citrus", "Apple", "Banana"):
        catalogue.put(restaurant(name, "fruit"))
    first = catalogue.page(after=None, count=2)
    assert ([found.name for found in first.restaurants], first.last) == (["Apple", "Banana"], "Banana")
    second = catalogue.page(after=first.last, count=2)
    assert ([found.name for found in second.restaurants], second.last) == (["Citrus"], None)


def test_a_theme_lists_its_own_restaurants_in_pages(catalogue: RestaurantTable) -> None:
    for shown in (FANGTASIA, BITS, restaurant("Merlotte's", "true blood")):
        catalogue.put(shown)
    first = catalogue.page_of_theme("TRUE blood", after=None, count=1)
    assert (first.restaurants, first.last) == ([FANGTASIA], "Fangtasia")
    second = catalogue.page_of_theme("TRUE blood", after=first.last, count=2)
    assert [found.name for found in second.restaurants] == ["Merlotte's"]


def test_more_restaurants_than_a_batch_holds_are_found_in_their_order(
    catalogue: RestaurantTable, stored: Table
) -> None:
    names = [f"Diner {number:03}" for number in range(101)]
    with stored.batch_writer() as batch:
        for name in names:
            batch.put_item(Item=item("all", restaurant(name), version=1))
    wanted = [*reversed(names), "Nowhere"]
    assert [found.name for found in catalogue.find_all(wanted)] == list(reversed(names))


@pytest.fixture
def bookmarks(monkeypatch: pytest.MonkeyPatch) -> Table:
    local_tables.use_emulator(monkeypatch)
    return local_tables.make_table("restaurants", "favourites-table.yml")


def test_a_bookmark_is_kept_once_and_removed_for_its_customer_alone(bookmarks: Table) -> None:
    favourites = FavouriteTable(bookmarks.name)
    for customer in ("ada", "ada", "bob"):
        favourites.add(customer, "Fangtasia")
    assert len(bookmarks.scan()["Items"]) == 2
    favourites.remove("ada", "Fangtasia")
    favourites.remove("ada", "Nowhere")
    assert bookmarks.scan()["Items"] == [{"customerId": "bob", "name": "Fangtasia"}]


def test_all_bookmarks_of_one_customer_are_removed(bookmarks: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    favourites = FavouriteTable(bookmarks.name)
    for number in range(5):
        favourites.add("ada", str(number))
    favourites.add("bob", "3")
    monkeypatch.setattr(favourite_table, "MOST_AT_ONCE", 2)
    for _ in range(2):
        favourites.remove_all("ada")
        assert bookmarks.scan()["Items"] == [{"customerId": "bob", "name": "3"}]


def test_bookmarks_are_paged_by_name_for_each_customer(bookmarks: Table) -> None:
    favourites = FavouriteTable(bookmarks.name)
    for name in ("C", "A", "B"):
        favourites.add("ada", name)
    favourites.add("bob", "D")
    first = favourites.of_customer("ada", after=None, count=2)
    assert (first.names, first.last) == (["A", "B"], "B")
    assert favourites.of_customer("ada", after=first.last, count=2).names == ["C"]


def test_a_restaurant_is_added_once_for_its_origin(catalogue: RestaurantTable) -> None:
    assert [catalogue.add(FANGTASIA, origin=origin) for origin in ("s-1", "s-1", "s-2")] == [
        True,
        True,
        False,
    ]
    assert catalogue.find("Fangtasia") == FANGTASIA
    catalogue.put(BITS)
    assert catalogue.add(BITS, origin="s-1") is False
    assert catalogue.names_with("tasia", after=None, count=1).names == ["Fangtasia"]


@pytest.fixture
def submissions(monkeypatch: pytest.MonkeyPatch) -> SubmissionTable:
    local_tables.use_emulator(monkeypatch)
    return SubmissionTable(local_tables.make_table("restaurants", "submissions-table.yml").name)


def test_a_pending_submission_stays_and_a_decided_one_is_replaced(submissions: SubmissionTable) -> None:
    first, second = submission(), submission(themes=("other",))
    assert submissions.add(first) == submissions.add(second) == first
    submissions.decide("s-1", SubmissionState.REJECTED)
    assert submissions.add(second) == submissions.find("s-1") == second


def test_a_submission_is_decided_once(submissions: SubmissionTable) -> None:
    submissions.add(submission())
    submissions.remember_token("s-1", "a token")
    decided = [submissions.decide("s-1", SubmissionState.APPROVED) for _ in range(2)]
    assert [(one.state, one.review_token) for one in decided] == [(SubmissionState.APPROVED, "a token")] * 2
    for state in (SubmissionState.REJECTED, SubmissionState.EXPIRED):
        with pytest.raises(SubmissionDecidedError, match="approved"):
            submissions.decide("s-1", state)
    with pytest.raises(SubmissionDecidedError):
        submissions.remember_token("s-1", "another")
    submissions.refuse("s-1")
    with pytest.raises(SubmissionDecidedError, match="rejected"):
        submissions.decide("s-1", SubmissionState.APPROVED)


def test_an_unknown_submission_is_not_found(submissions: SubmissionTable) -> None:
    with pytest.raises(SubmissionNotFoundError):
        submissions.decide("s-1", SubmissionState.APPROVED)
    with pytest.raises(SubmissionNotFoundError):
        submissions.remember_token("s-1", "a token")
    assert submissions.find("s-1") is None


def test_submissions_are_paged_by_person_and_while_they_are_pending(submissions: SubmissionTable) -> None:
    for number, customer_id in enumerate(("ada", "bob", "ada", "ada")):
        at = datetime(2026, 11, 28, number, tzinfo=UTC)
        submissions.add(submission(f"s-{number}", customer_id=customer_id, submitted_at=at))
    first = submissions.of_customer("ada", after=None, count=2)
    second = submissions.of_customer("ada", after=first.last, count=2)
    assert [one.submission_id for one in first.submissions + second.submissions] == ["s-3", "s-2", "s-0"]
    submissions.decide("s-0", SubmissionState.EXPIRED)
    waiting = submissions.pending(after=None, count=2)
    rest = submissions.pending(after=waiting.last, count=2)
    assert [one.submission_id for one in waiting.submissions + rest.submissions] == ["s-1", "s-2", "s-3"]
    submissions.remove_all("ada")
    assert [one.submission_id for one in submissions.pending(after=None, count=9).submissions] == ["s-1"]


@pytest.fixture
def staff(stored: Table) -> StaffTable:
    table = local_tables.make_table("restaurants", "staff-table.yml")
    return StaffTable(table.name, of_restaurants_in=stored.name)


def test_staff_is_kept_by_restaurant_and_address(catalogue: RestaurantTable, staff: StaffTable) -> None:
    catalogue.put(FANGTASIA)
    catalogue.put(BITS)
    ada, bob = staff_member("ada@x.example"), staff_member("bob@x.example")
    for name, member in (("Fangtasia", bob), ("Fangtasia", ada), ("Lil' Bits", ada)):
        staff.add(name, member)
    assert staff.find("Fangtasia", "ada@x.example") == ada
    assert staff.find("Lil' Bits", "bob@x.example") is None
    assert staff.of_restaurant("Fangtasia") == [ada, bob]
    assert staff.restaurants_of("ada@x.example") == ["Fangtasia", "Lil' Bits"]
    staff.remove("Fangtasia", "ada@x.example")
    staff.remove("Fangtasia", "ada@x.example")
    assert (staff.of_restaurant("Fangtasia"), staff.restaurants_of("ada@x.example")) == ([bob], ["Lil' Bits"])


def test_who_is_staff_already_stays_so_since_then(catalogue: RestaurantTable, staff: StaffTable) -> None:
    catalogue.put(FANGTASIA)
    first = staff_member("ada@x.example")
    staff.add("Fangtasia", first)
    staff.add("Fangtasia", first.model_copy(update={"since": first.since.replace(hour=10)}))
    assert staff.find("Fangtasia", "ada@x.example") == first


def test_there_is_no_staff_of_a_restaurant_that_does_not_exist(staff: StaffTable) -> None:
    with pytest.raises(RestaurantNotFoundError, match="“Fangtasia”"):
        staff.add("Fangtasia", staff_member("ada@x.example"))
    assert staff.of_restaurant("Fangtasia") == []


def test_staff_is_read_to_its_last_page(
    catalogue: RestaurantTable, staff: StaffTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.put(FANGTASIA)
    emails = [f"{letter}@x.example" for letter in "abcde"]
    for email in emails:
        staff.add("Fangtasia", staff_member(email))
    monkeypatch.setattr(staff_table, "PAGE_SIZE", 2)
    assert [member.email for member in staff.of_restaurant("Fangtasia")] == emails


@pytest.mark.parametrize(
    "adapter",
    [
        RestaurantTable,
        FavouriteTable,
        SubmissionTable,
        partial(StaffTable, of_restaurants_in="restaurants-test"),
    ],
)
def test_the_table_is_made_before_the_first_request(
    adapter: Callable[[str], object],
    monkeypatch: pytest.MonkeyPatch,
    fresh_clients: MadeClients,
) -> None:
    snapshot_hooks.start(monkeypatch)
    adapter("restaurants-test")
    assert list(fresh_clients.tables) == ["restaurants-test"]
