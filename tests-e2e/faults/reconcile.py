"""Orders exist once, and all sides know the same state of each: what of that is not so."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from faults.answers import FINAL_STATES, Answer
from faults.clicks import Click, Intent
from faults.evidence import Evidence, Outcome

FORBIDDEN, CONFLICT = 403, 409


class Harm(StrEnum):
    """What a difference would mean to people."""

    LOST = "lost"
    DOUBLED = "doubled"
    WRONG_OWNER = "wrong owner"
    UNASKED = "unasked"
    UNEQUAL = "in unequal states"


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
    checks: list[Callable[[Evidence], Iterator[Finding]]] = [_clicks, _table, _channels, _views, _states]
    found = [finding for check in checks for finding in check(evidence)]
    return [
        Difference(harm, what, tuple(sorted(whom)))
        for harm, what, whom in ((h, w, set(x)) for h, w, x in found)
        if whom
    ]


def accepted_orders(evidence: Evidence) -> set[str]:
    """Return the ids of all orders that a customer was told to have."""
    return {order_id for click in evidence.clicks for order_id in click.order_ids}


def _clicks(evidence: Evidence) -> Iterator[Finding]:
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
        "neither answered nor expired",
        (f"{order.order_id} ({order.state})" for order in evidence.stored if order.state not in FINAL_STATES),
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
    of_customers: dict[str, set[str]] = {customer_id: set() for customer_id in evidence.shown}
    of_restaurants: dict[str, set[str]] = {name: set() for name in evidence.shown_to_staff}
    for order in evidence.stored:
        of_customers.setdefault(order.customer_id, set()).add(order.order_id)
        of_restaurants.setdefault(order.restaurant, set()).add(order.order_id)
    yield Harm.WRONG_OWNER, "answered to another customer", evidence.shown_to_others
    for owner, owned, shown in (
        ("customer", of_customers, evidence.shown),
        ("restaurant", of_restaurants, evidence.shown_to_staff),
    ):
        ids = {who: [outcome.order_id for outcome in shown.get(who, ())] for who in owned}
        yield (
            Harm.WRONG_OWNER,
            f"in another {owner}'s list",
            [i for w, x in ids.items() for i in set(x) - owned[w]],
        )
        yield Harm.LOST, f"not shown to its {owner}", [i for w, x in ids.items() for i in owned[w] - set(x)]
        yield Harm.DOUBLED, f"shown twice to a {owner}", [i for x in ids.values() for i in _repeated(x)]


def _states(evidence: Evidence) -> Iterator[Finding]:
    stored = {Outcome(order.order_id, order.state) for order in evidence.stored}
    final = {outcome for outcome in stored if outcome.state in FINAL_STATES}
    sides = {
        "the customers' lists": {outcome for page in evidence.shown.values() for outcome in page},
        "the restaurants' lists": {outcome for page in evidence.shown_to_staff.values() for outcome in page},
        "the bus": set(evidence.outcomes),
        "the topics": set(evidence.notices),
    }
    for side, known in sides.items():
        yield Harm.UNEQUAL, f"in another state in {side}", (f"{i} ({state})" for i, state in known - stored)
    for side in ("the bus", "the topics"):
        yield Harm.LOST, f"ended, but not seen by {side}", (i for i, _ in final - sides[side])

    def ids(is_it: Callable[[Answer], bool]) -> list[str]:
        return [f"{answer.order_id} ({answer.action})" for answer in evidence.answers if is_it(answer)]

    state_of = dict(stored)
    yield (
        Harm.UNEQUAL,
        "answered, and in another state",
        ids(lambda a: any({a.action.state, state_of.get(a.order_id)} != {shown} for shown in a.granted)),
    )
    yield (
        Harm.LOST,
        "refused an answer that it could take",
        ids(lambda a: a.is_entitled and any(_is_unjust(a, state_of, refusal) for refusal in a.refusals)),
    )
    yield (
        Harm.WRONG_OWNER,
        "answered by staff of another restaurant",
        ids(lambda a: not a.is_entitled and bool(a.granted or set(a.refusals) - {FORBIDDEN})),
    )


def _repeated(ids: Iterable[str]) -> list[str]:
    return [order_id for order_id, count in Counter(ids).items() if count > 1]


def _is_unjust(answer: Answer, state_of: Mapping[str, str], refusal: int) -> bool:
    """Return whether an answer was refused for another reason than that the order has another answer."""
    return refusal != CONFLICT or state_of.get(answer.order_id) == answer.action.state
