"""The reconciliation sees each way in which an order can go wrong."""

from dataclasses import replace

import pytest

from faults.clicks import Click, Intent
from faults.evidence import Evidence, StoredOrder
from faults.reconcile import Harm, differences

pytestmark = pytest.mark.faults

EVE, DAN = "eve", "dan"


def _click(
    customer_id: str, *order_ids: str, intent: Intent = Intent.ORDER, refusals: tuple[int, ...] = ()
) -> Click:
    return Click(customer_id, intent, "Fangtasia", order_ids=list(order_ids), refusals=list(refusals))


def _stored(order_id: str, customer_id: str = EVE, state: str = "notified") -> StoredOrder:
    return StoredOrder(order_id, customer_id, "Fangtasia", state)


ALL_IS_WELL = Evidence(
    clicks=(_click(EVE, "1", "1"), _click(DAN, "2"), _click(EVE, intent=Intent.NO_TOKEN, refusals=(401,))),
    stored=(_stored("1"), _stored("2", DAN)),
    placed={"1": 1, "2": 3},
    told={"1": 2, "2": 1},
    notified={"1": 1, "2": 1},
    shown={EVE: ["1"], DAN: ["2"]},
    shown_to_others=(),
)


def _found(evidence: Evidence) -> set[tuple[Harm, str]]:
    return {(difference.harm, difference.what) for difference in differences(evidence)}


def test_orders_that_are_each_stored_and_notified_make_no_difference() -> None:
    assert differences(ALL_IS_WELL) == []


def test_an_accepted_order_that_is_nowhere_is_lost() -> None:
    gone = replace(
        ALL_IS_WELL,
        stored=ALL_IS_WELL.stored[:1],
        placed={"1": 1},
        told={"1": 1},
        notified={"1": 1},
        shown={EVE: ["1"], DAN: []},
    )

    assert _found(gone) == {(Harm.LOST, "accepted, but not stored")}


@pytest.mark.parametrize(
    ("silent", "name"),
    [
        (replace(ALL_IS_WELL, placed={"1": 1}), "order_placed on the bus"),
        (replace(ALL_IS_WELL, told={"1": 1}), "the restaurants' topic"),
        (replace(ALL_IS_WELL, notified={"1": 1}), "restaurant_notified on the bus"),
    ],
)
def test_an_order_that_a_channel_never_carried_is_lost(silent: Evidence, name: str) -> None:

    assert _found(silent) == {(Harm.LOST, f"stored, but not seen by {name}")}


def test_a_channel_with_an_order_that_is_not_stored_is_found() -> None:
    invented = replace(ALL_IS_WELL, told={"1": 1, "2": 1, "3": 1})

    assert _found(invented) == {(Harm.UNASKED, "seen by the restaurants' topic, but not stored")}


def test_an_order_that_stays_placed_is_lost() -> None:
    waiting = replace(ALL_IS_WELL, stored=(_stored("1", state="placed"), _stored("2", DAN)))

    assert _found(waiting) == {(Harm.LOST, "not in the state notified")}


def test_a_click_that_made_two_orders_is_doubled() -> None:
    twice = replace(ALL_IS_WELL, clicks=(_click(EVE, "1"), _click(DAN, "2", "1")))

    assert (Harm.DOUBLED, "one click was answered with several orders") in _found(twice)


def test_two_clicks_that_share_an_order_have_lost_one() -> None:
    shared = replace(ALL_IS_WELL, clicks=(_click(EVE, "1"), _click(EVE, "1"), _click(DAN, "2")))

    assert _found(shared) == {(Harm.LOST, "several clicks were answered with one order")}


def test_a_stored_order_that_no_click_was_answered_with_is_doubled() -> None:
    surplus = replace(ALL_IS_WELL, clicks=(_click(EVE, "1"), _click(DAN, refusals=())))

    assert (Harm.DOUBLED, "stored, but no click was answered with it") in _found(surplus)


def test_a_click_that_is_never_answered_is_lost() -> None:
    silent = replace(ALL_IS_WELL, clicks=(*ALL_IS_WELL.clicks, _click(EVE)))

    assert _found(silent) == {(Harm.LOST, "never answered, even without faults")}


def test_a_request_that_must_be_refused_and_is_accepted_is_seen() -> None:
    lax = replace(ALL_IS_WELL, clicks=(_click(EVE, "1"), _click(DAN, "2", intent=Intent.NO_SUCH_RESTAURANT)))

    assert _found(lax) == {(Harm.UNASKED, "accepted though it must be refused")}


def test_a_refusal_for_another_reason_than_is_due_is_seen() -> None:
    odd = replace(
        ALL_IS_WELL, clicks=(*ALL_IS_WELL.clicks, _click(EVE, intent=Intent.NO_TOKEN, refusals=(404,)))
    )

    assert _found(odd) == {(Harm.UNASKED, "refused for another reason than is due")}


def test_a_right_order_that_is_refused_is_lost() -> None:
    strict = replace(ALL_IS_WELL, clicks=(*ALL_IS_WELL.clicks, _click(EVE, refusals=(404,))))

    assert _found(strict) == {(Harm.LOST, "refused though it is right")}


def test_an_order_stored_for_another_customer_has_a_wrong_owner() -> None:
    swapped = replace(ALL_IS_WELL, stored=(_stored("1"), _stored("2", EVE)), shown={EVE: ["1", "2"], DAN: []})

    assert _found(swapped) == {(Harm.WRONG_OWNER, "stored for another customer")}


def test_an_order_in_another_customers_list_is_found() -> None:
    leaked = replace(ALL_IS_WELL, shown={EVE: ["1", "2"], DAN: ["2"]})

    assert _found(leaked) == {(Harm.WRONG_OWNER, "in another customer's list")}


def test_an_order_answered_to_another_customer_is_found() -> None:
    leaked = replace(ALL_IS_WELL, shown_to_others=("2",))

    assert _found(leaked) == {(Harm.WRONG_OWNER, "answered to another customer")}


def test_an_order_that_its_customer_cannot_see_is_lost() -> None:
    hidden = replace(ALL_IS_WELL, shown={EVE: [], DAN: ["2"]})

    assert _found(hidden) == {(Harm.LOST, "not shown to its customer")}
