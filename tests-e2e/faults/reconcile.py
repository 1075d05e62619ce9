"""Accepted = stored = notified, each exactly once: what of that is not so."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from faults.clicks import Click, Intent
from faults.evidence import Evidence

NOTIFIED = "notified"


class Harm(StrEnum):
    """What a difference would mean to people."""

    LOST = "lost"
    DOUBLED = "doubled"
    WRONG_OWNER = "wrong owner"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be.

    Attributes:
        harm: What it means.
        what: What is the case.
        whom: The orders or clicks that it is the case for.
    """

    harm: Harm
    what: str
    whom: tuple[str, ...]


Finding = tuple[Harm, str, Iterable[str]]


def differences(evidence: Evidence) -> list[Difference]:
    """Compare everything with everything; an empty list is what a run is for."""
    checks: list[Callable[[Evidence], Iterator[Finding]]] = [_answers, _table, _channels, _views]
    found = [finding for check in checks for finding in check(evidence)]
    return [
        Difference(harm, what, tuple(sorted(whom)))
        for harm, what, whom in ((h, w, set(x)) for h, w, x in found)
        if whom
    ]


def accepted_orders(evidence: Evidence) -> set[str]:
    """Return the ids of all orders that a customer was told to have."""
    return {order_id for click in evidence.clicks for order_id in click.order_ids}


def _answers(evidence: Evidence) -> Iterator[Finding]:
    def keys(is_it: Callable[[Click], bool]) -> list[str]:
        return [f"{click.key} ({click.intent.name})" for click in evidence.clicks if is_it(click)]

    orders_wanted = [click for click in evidence.clicks if click.intent is Intent.ORDER]
    claimed = Counter(order_id for click in orders_wanted for order_id in set(click.order_ids))
    yield (
        Harm.DOUBLED,
        "one click was answered with several orders",
        keys(lambda c: len(set(c.order_ids)) > 1),
    )
    yield Harm.LOST, "several clicks were answered with one order", (i for i, n in claimed.items() if n > 1)
    yield (
        Harm.UNASKED,
        "accepted though it must be refused",
        keys(lambda c: c.intent is not Intent.ORDER and bool(c.order_ids)),
    )
    yield (
        Harm.LOST,
        "refused though it is right",
        keys(lambda c: c.intent is Intent.ORDER and bool(c.refusals)),
    )
    yield (
        Harm.UNASKED,
        "refused for another reason than is due",
        keys(lambda c: c.intent is not Intent.ORDER and bool(set(c.refusals) - {c.intent.value})),
    )
    yield Harm.LOST, "never answered, even without faults", keys(lambda c: c.is_unknown)


def _table(evidence: Evidence) -> Iterator[Finding]:
    stored = {order.order_id: order for order in evidence.stored}
    accepted = accepted_orders(evidence)
    wrong = [
        order_id
        for click in evidence.clicks
        for order_id in click.order_ids
        if order_id in stored and stored[order_id].customer_id != click.customer_id
    ]
    elsewhere = [
        order_id
        for click in evidence.clicks
        for order_id in click.order_ids
        if order_id in stored and stored[order_id].restaurant != click.restaurant
    ]
    yield Harm.LOST, "accepted, but not stored", accepted - stored.keys()
    yield Harm.DOUBLED, "stored, but no click was answered with it", stored.keys() - accepted
    yield (
        Harm.DOUBLED,
        "stored more than once",
        (i for i, n in Counter(o.order_id for o in evidence.stored).items() if n > 1),
    )
    yield Harm.WRONG_OWNER, "stored for another customer", wrong
    yield Harm.LOST, "stored for another restaurant", elsewhere
    yield (
        Harm.LOST,
        f"not in the state {NOTIFIED}",
        (f"{order.order_id} ({order.state})" for order in evidence.stored if order.state != NOTIFIED),
    )


def _channels(evidence: Evidence) -> Iterator[Finding]:
    stored = {order.order_id for order in evidence.stored}
    channels = {
        "order_placed on the bus": evidence.placed,
        "the restaurants' topic": evidence.told,
        "restaurant_notified on the bus": evidence.notified,
    }
    for channel, carried in channels.items():
        yield Harm.LOST, f"stored, but not seen by {channel}", stored - carried.keys()
        yield Harm.UNASKED, f"seen by {channel}, but not stored", carried.keys() - stored


def _views(evidence: Evidence) -> Iterator[Finding]:
    owners: dict[str, set[str]] = {customer_id: set() for customer_id in evidence.shown}
    for order in evidence.stored:
        owners.setdefault(order.customer_id, set()).add(order.order_id)
    foreign = [i for customer, ids in evidence.shown.items() for i in set(ids) - owners[customer]]
    missing = [i for customer, ids in evidence.shown.items() for i in owners[customer] - set(ids)]
    repeated = [i for ids in evidence.shown.values() for i, count in Counter(ids).items() if count > 1]
    yield Harm.WRONG_OWNER, "in another customer's list", foreign
    yield Harm.WRONG_OWNER, "answered to another customer", evidence.shown_to_others
    yield Harm.LOST, "not shown to its customer", missing
    yield Harm.DOUBLED, "shown twice in one list", repeated
