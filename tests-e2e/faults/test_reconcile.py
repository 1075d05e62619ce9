"""The reconciliation sees each way in which an order can go wrong."""

from dataclasses import replace

import pytest

from faults.answers import Action, Answer
from faults.clicks import Click, Intent
from faults.evidence import Evidence, Outcome, StoredOrder
from faults.reconcile import Harm, differences

pytestmark = pytest.mark.faults

EVE, DAN = "eve", "dan"


def _click(
    customer_id: str, *order_ids: str, intent: Intent = Intent.ORDER, refusals: tuple[int, ...] = ()
) -> Click:
    return Click(customer_id, intent, "Fangtasia", order_ids=list(order_ids), refusals=list(refusals))


def _stored(order_id: str, customer_id: str = EVE, state: str = "accepted") -> StoredOrder:
    return StoredOrder(order_id, customer_id, "Fangtasia", state)


def _answer(order_id: str, action: Action, *granted: str, refusals: tuple[int, ...] = ()) -> Answer:
    return Answer(order_id, action, "sam", granted=list(granted), refusals=list(refusals))


ONE, TWO = Outcome("1", "accepted"), Outcome("2", "cancelled")


ALL_IS_WELL = Evidence(
    clicks=(_click(EVE, "1", "1"), _click(DAN, "2"), _click(EVE, intent=Intent.NO_TOKEN, refusals=(401,))),
    answers=(
        _answer("1", Action.ACCEPT, "accepted", "accepted"),
        _answer("1", Action.REJECT, refusals=(409,)),
        _answer("2", Action.CANCEL, "cancelled"),
        Answer("2", Action.ACCEPT, "pat", is_entitled=False, refusals=[403]),
    ),
    stored=(_stored("1"), _stored("2", DAN, state="cancelled")),
    placed={"1": 1, "2": 3},
    told={"1": 2, "2": 1},
    notified={"1": 1, "2": 1},
    outcomes={ONE: 1, TWO: 2},
    notices={ONE: 2, TWO: 1},
    shown={EVE: [ONE], DAN: [TWO]},
    shown_to_others=(),
    shown_to_staff={"Fangtasia": [ONE, TWO], "Lil' Bits": []},
)


def _found(evidence: Evidence) -> set[tuple[Harm, str]]:
    return {(difference.harm, difference.what) for difference in differences(evidence)}


def test_orders_that_are_each_stored_and_notified_make_no_difference() -> None:
    assert differences(ALL_IS_WELL) == []


def test_an_accepted_order_that_is_nowhere_is_lost() -> None:
    gone = replace(
        ALL_IS_WELL,
        stored=ALL_IS_WELL.stored[:1],
        answers=ALL_IS_WELL.answers[:2],
        placed={"1": 1},
        told={"1": 1},
        notified={"1": 1},
        outcomes={ONE: 1},
        notices={ONE: 1},
        shown={EVE: [ONE], DAN: []},
        shown_to_staff={"Fangtasia": [ONE]},
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


def test_an_order_that_never_ends_is_lost() -> None:
    waiting = Outcome("2", "notified")
    open_still = replace(
        ALL_IS_WELL,
        answers=ALL_IS_WELL.answers[:2],
        stored=(_stored("1"), _stored("2", DAN, state="notified")),
        outcomes={ONE: 1},
        notices={ONE: 1},
        shown={EVE: [ONE], DAN: [waiting]},
        shown_to_staff={"Fangtasia": [ONE, waiting]},
    )

    assert _found(open_still) == {(Harm.LOST, "neither answered nor expired")}


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
    stored = (_stored("1"), _stored("2", EVE, state="cancelled"))
    swapped = replace(ALL_IS_WELL, stored=stored, shown={EVE: [ONE, TWO], DAN: []})

    assert _found(swapped) == {(Harm.WRONG_OWNER, "stored for another customer")}


def test_an_order_in_another_customers_list_is_found() -> None:
    leaked = replace(ALL_IS_WELL, shown={EVE: [ONE, TWO], DAN: [TWO]})

    assert _found(leaked) == {(Harm.WRONG_OWNER, "in another customer's list")}


def test_an_order_answered_to_another_customer_is_found() -> None:
    leaked = replace(ALL_IS_WELL, shown_to_others=("2",))

    assert _found(leaked) == {(Harm.WRONG_OWNER, "answered to another customer")}


def test_an_order_that_its_customer_cannot_see_is_lost() -> None:
    hidden = replace(ALL_IS_WELL, shown={EVE: [], DAN: [TWO]})

    assert _found(hidden) == {(Harm.LOST, "not shown to its customer")}


def test_an_order_in_another_restaurants_list_is_found() -> None:
    leaked = replace(ALL_IS_WELL, shown_to_staff={"Fangtasia": [ONE, TWO], "Lil' Bits": [TWO]})

    assert _found(leaked) == {(Harm.WRONG_OWNER, "in another restaurant's list")}


def test_an_order_that_its_restaurant_cannot_see_is_lost() -> None:
    hidden = replace(ALL_IS_WELL, shown_to_staff={"Fangtasia": [ONE]})

    assert _found(hidden) == {(Harm.LOST, "not shown to its restaurant")}


def test_an_order_in_two_of_a_restaurants_lists_is_doubled() -> None:
    twice = replace(ALL_IS_WELL, shown_to_staff={"Fangtasia": [ONE, TWO, TWO]})

    assert _found(twice) == {(Harm.DOUBLED, "shown twice to a restaurant")}


OTHER = Outcome("2", "accepted")


@pytest.mark.parametrize(
    ("differing", "side"),
    [
        (replace(ALL_IS_WELL, shown={EVE: [ONE], DAN: [OTHER]}), "the customers' lists"),
        (replace(ALL_IS_WELL, shown_to_staff={"Fangtasia": [ONE, OTHER]}), "the restaurants' lists"),
        (replace(ALL_IS_WELL, outcomes={ONE: 1, TWO: 1, OTHER: 1}), "the bus"),
        (replace(ALL_IS_WELL, notices={ONE: 1, TWO: 1, OTHER: 1}), "the topics"),
    ],
)
def test_a_side_that_knows_another_state_is_found(differing: Evidence, side: str) -> None:
    assert _found(differing) == {(Harm.UNEQUAL, f"in another state in {side}")}


@pytest.mark.parametrize(
    ("silent", "side"),
    [
        (replace(ALL_IS_WELL, outcomes={ONE: 1}), "the bus"),
        (replace(ALL_IS_WELL, notices={ONE: 1}), "the topics"),
    ],
)
def test_an_end_that_a_channel_never_carried_is_lost(silent: Evidence, side: str) -> None:
    assert _found(silent) == {(Harm.LOST, f"ended, but not seen by {side}")}


@pytest.mark.parametrize(
    "answer",
    [
        _answer("2", Action.ACCEPT, "accepted"),
        _answer("2", Action.CANCEL, "accepted"),
        _answer("9", Action.CANCEL, "cancelled"),
    ],
)
def test_a_granted_answer_that_does_not_stand_is_found(answer: Answer) -> None:
    two_winners = replace(ALL_IS_WELL, answers=(*ALL_IS_WELL.answers, answer))

    assert _found(two_winners) == {(Harm.UNEQUAL, "answered, and in another state")}


@pytest.mark.parametrize(
    "answer",
    [_answer("2", Action.CANCEL, refusals=(409,)), _answer("1", Action.ACCEPT, refusals=(403,))],
)
def test_an_answer_that_is_refused_without_a_reason_is_found(answer: Answer) -> None:
    strict = replace(ALL_IS_WELL, answers=(*ALL_IS_WELL.answers, answer))

    assert _found(strict) == {(Harm.LOST, "refused an answer that it could take")}


@pytest.mark.parametrize(("granted", "refusals"), [(["accepted"], []), ([], [409])])
def test_an_answer_of_other_staff_that_is_heard_is_found(granted: list[str], refusals: list[int]) -> None:
    meddling = Answer("1", Action.ACCEPT, "pat", is_entitled=False, granted=granted, refusals=refusals)
    lax = replace(ALL_IS_WELL, answers=(*ALL_IS_WELL.answers, meddling))

    assert _found(lax) == {(Harm.WRONG_OWNER, "answered by staff of another restaurant")}
