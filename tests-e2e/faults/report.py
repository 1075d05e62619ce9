"""The tables that a run ends with."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from faults.answers import FINAL_STATES
from faults.clicks import Intent
from faults.reconcile import Harm, accepted_orders
from faults.trial import Outcome

SHOWN = 5
WIDTH = 110


def show(outcome: Outcome) -> None:
    """Print the faults that were injected, the reconciliation and the verdict."""
    console = Console(width=WIDTH, highlight=False, soft_wrap=False)
    console.print(_faults(outcome))
    console.print(_reconciliation(outcome))
    for difference in outcome.differences:
        shown = ", ".join(difference.whom[:SHOWN]) + (" …" if len(difference.whom) > SHOWN else "")
        console.print(
            f"{difference.harm.upper()}: {len(difference.whom)} {difference.what}: {shown}", markup=False
        )
    for shortcoming in outcome.shortcomings:
        console.print(f"TOO LITTLE: {shortcoming}", markup=False)
    console.print(verdict(outcome), markup=False)


def verdict(outcome: Outcome) -> str:
    """Return the run's result in a line."""
    harmed = {harm: set[str]() for harm in Harm}
    for difference in outcome.differences:
        harmed[difference.harm] |= {who.partition(" ")[0] for who in difference.whom}
    counts = ", ".join(f"{len(who)} {harm}" for harm, who in harmed.items())
    parts = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in outcome.seconds.items())
    return f"{'PASSED' if outcome.passed else 'FAILED'}: {counts} (seed {outcome.trial.plan.seed}; {parts})"


def _faults(outcome: Outcome) -> Table:
    ledger = outcome.ledger
    table = Table("service", "action", "what happened", title="Injected faults", title_justify="left")
    for name in ("times", "of calls", "share"):
        table.add_column(name, justify="right")
    for line in ledger.lines():
        table.add_row(
            line.call.service,
            line.call.action,
            line.kind,
            str(line.count),
            str(line.calls),
            f"{line.count / line.calls:.1%}",
        )
    table.add_section()
    table.add_row("all", "", "", str(ledger.faults), str(ledger.calls), f"{ledger.share:.1%}")
    table.add_row("", "", "workers killed in the middle of an invocation", str(ledger.kills), "", "")
    table.add_row("", "", "consumers paused", str(len(outcome.pauses)), "", "")
    return table


def _reconciliation(outcome: Outcome) -> Table:
    evidence = outcome.evidence
    clicks = evidence.clicks
    accepted = accepted_orders(evidence)
    table = Table("what", title="Reconciliation", title_justify="left")
    for name in ("number", "repeats"):
        table.add_column(name, justify="right")
    refused = [click for click in clicks if click.intent is not Intent.ORDER]
    table.add_row("clicks", str(len(clicks)), str(sum(click.requests for click in clicks) - len(clicks)))
    table.add_row("  of which must be refused", str(len(refused)), "")
    table.add_row("  refused", str(sum(bool(click.refusals) for click in clicks)), "")
    table.add_row("  unanswered while things broke", str(outcome.unknown), "")
    table.add_row("    of which were stored by then", str(outcome.unknown_stored), "")
    answers = sum(len(click.order_ids) for click in clicks)
    table.add_row("orders accepted", str(len(accepted)), str(answers - len(accepted)))
    table.add_row("orders stored", str(len(evidence.stored)), "")
    table.add_row("order_placed on the bus", *_carried(evidence.placed))
    table.add_row("restaurants told by the topic", *_carried(evidence.told))
    table.add_row("restaurant_notified on the bus", *_carried(evidence.notified))
    given = [answer for answer in evidence.answers if answer.granted]
    table.add_row("answers of restaurants and customers", str(len(evidence.answers)), "")
    table.add_row("  granted", str(len(given)), "")
    table.add_row("  too late, or of other staff", str(sum(bool(a.refusals) for a in evidence.answers)), "")
    for state in FINAL_STATES:
        table.add_row(f"orders {state}", str(sum(order.state == state for order in evidence.stored)), "")
    table.add_row("outcomes on the bus", *_carried(evidence.outcomes))
    table.add_row("outcomes that the topics told", *_carried(evidence.notices))
    table.add_row("dead letters redriven", str(outcome.redriven), "")
    return table


def _carried(counts: Mapping[Any, int]) -> tuple[str, str]:
    return str(len(counts)), str(sum(counts.values()) - len(counts))
