"""A run from the first click to the reconciliation."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from threading import Event
from urllib.parse import urlsplit

from drivers.over_http import OverHttp
from faults import evidence, outbox_patience, queues, reconcile
from faults.answers import Member, Staff
from faults.clicks import Crowd
from faults.client import Client
from faults.consumers import ConsumerPauses
from faults.evidence import Evidence
from faults.ledger import Ledger
from faults.plan import Demand, Trial
from faults.proxy import FaultProxy, Upstream
from faults.reconcile import Difference
from faults.settling import settle
from faults.workers import Workers
from steps import given
from steps.given import User
from steps.shop import catalogue
from steps.shop.catalogue import SEEDED_RESTAURANTS
from steps.shop.staff import staff_of
from support.end_to_end_queue import EndToEndQueue
from support.stage import Stage

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_DYNAMODB"
# The backlog that the faults made is worked on while they go on.
FAULTS_GO_ON_SECONDS = 5.0

Say = Callable[[str], None]


class NoFaultStageError(Exception):
    """The stage's Lambdas do not go through a fault proxy."""


@dataclass(frozen=True)
class Outcome:
    """What a run showed.

    Attributes:
        trial: What was run.
        ledger: The faults that were injected.
        evidence: What was left behind.
        differences: What is not as it should be.
        shortcomings: What was less than the trial's floor, so that the run proves too little.
        pauses: The functions whose consumption was paused.
        unknown: How many clicks were unanswered when the faults ended.
        unknown_stored: How many orders of those were stored by then.
        redriven: How many dead letters were redriven.
        seconds: How long each part took.
    """

    trial: Trial
    ledger: Ledger
    evidence: Evidence
    differences: list[Difference]
    shortcomings: list[str]
    pauses: list[str]
    unknown: int
    unknown_stored: int
    redriven: int
    seconds: dict[str, float]

    @property
    def passed(self) -> bool:
        """Whether no order was lost, duplicated or disclosed, while enough faults were injected."""
        return not self.differences and not self.shortcomings


def run(stage: Stage, trial: Trial, say: Say) -> Outcome:
    """Order, break things, heal them, and reconcile.

    Args:
        stage: A stage `faults`, seeded, with no orders of other runs under way.
        trial: How much of everything.
        say: Tells how far it has come.

    Raises:
        NoFaultStageError: it is another stage.
        AssertionError: the stage did not come to rest in time.
    """
    stopwatch = _Stopwatch(say)
    before = {order.order_id for order in evidence.read_table(stage)}
    work = queues.of_stage(stage)
    with ExitStack() as stack:
        proxy = stack.enter_context(_proxy(stage, trial))
        client = stack.enter_context(closing(Client(trial.plan)))
        crowd = Crowd(stage, _users(stage, trial.demand.users, stack), client)
        staff = Staff(stage, _members(stage, trial.demand.staff, stack), trial.demand, client)
        messages = stack.enter_context(_heard(stage))
        stack.enter_context(
            queues.impatient(
                stage, work, seconds=trial.plan.redelivery_seconds, tries=trial.plan.tries_of_a_message
            )
        )
        patience = {"patienceSeconds": trial.plan.patience_seconds}
        config = stage.parameter_path("orders", "place-order", "config")
        stack.enter_context(given.a_changed_configuration(stage, config, patience))
        stack.enter_context(outbox_patience.limited_to(stage, trial.plan.outbox_gives_up_after_seconds))
        warming_up, most = _split(trial.demand)
        with stopwatch.part("warming up"):
            crowd.order(warming_up)
        with (
            stopwatch.part("ordering and answering while things break"),
            staff,
            ConsumerPauses(stage, trial.plan) as pauses,
        ):
            proxy.inject()
            outages_over = time.monotonic() + trial.plan.outages_over_after_seconds
            crowd.order(most)
            Event().wait(max(FAULTS_GO_ON_SECONDS, outages_over - time.monotonic()))
        proxy.heal()

        def settled() -> int:
            movements = lambda: proxy.ledger.calls + len(messages.seen(lambda _: True))  # noqa: E731
            return settle(stage, work, movements, within_seconds=trial.quiet_within_seconds)

        with stopwatch.part("settling and redriving"):
            redriven = settled()
        answered = {order_id for click in crowd.clicks for order_id in click.order_ids}
        stored_by_then = {order.order_id for order in evidence.read_table(stage)} - answered - before
        with stopwatch.part("unanswered clicks come back"):
            unknown = crowd.come_back()
            redriven += settled() if unknown else 0
        with stopwatch.part("gathering evidence"):
            gathered = evidence.gather(stage, crowd, staff, messages, before)
    return Outcome(
        trial=trial,
        ledger=proxy.ledger,
        evidence=gathered,
        differences=reconcile.differences(gathered),
        shortcomings=_shortcomings(trial, proxy.ledger),
        pauses=pauses.done,
        unknown=len(unknown),
        unknown_stored=len(stored_by_then),
        redriven=redriven,
        seconds=stopwatch.seconds,
    )


def _split(demand: Demand) -> tuple[Demand, Demand]:
    """Return the few clicks that start the workers, before things break, and all others."""
    few = min(demand.users, demand.orders)
    return replace(demand, orders=few), replace(demand, orders=demand.orders - few)


def _proxy(stage: Stage, trial: Trial) -> FaultProxy:
    variables = stage.environment("orders", "place-order")
    if ENDPOINT_VARIABLE not in variables:
        raise NoFaultStageError(f"The Lambdas of the stage {stage.name} go through no fault proxy")
    port = urlsplit(variables[ENDPOINT_VARIABLE]).port
    emulator = os.environ["AWS_ENDPOINT_URL"]
    emulator_port = urlsplit(emulator).port
    assert port
    assert emulator_port
    upstream = Upstream(emulator, stage.region, stage.credentials)
    return FaultProxy(port, upstream, trial.plan, Workers(emulator_port).kill)


def _users(stage: Stage, count: int, stack: ExitStack) -> list[User]:
    return [stack.enter_context(given.a_signed_in_user(stage)) for _ in range(count)]


def _members(stage: Stage, count: int, stack: ExitStack) -> list[Member]:
    """Return people of whom each is staff of every other restaurant."""
    names = sorted(SEEDED_RESTAURANTS)
    driver = stack.enter_context(closing(OverHttp(stage)))
    admin = stack.enter_context(given.a_signed_in_user(stage, [catalogue.RESTAURANT_ADMINS]))
    members = [
        Member(user, names[number % 2 :: 2]) for number, user in enumerate(_users(stage, count, stack))
    ]
    for member in members:
        for name in member.restaurants:
            stack.enter_context(staff_of(driver, admin, name, member.user))
    return members


@contextmanager
def _heard(stage: Stage) -> Iterator[EndToEndQueue]:
    messages = EndToEndQueue(stage)
    messages.start()
    try:
        yield messages
    finally:
        messages.stop()


def _shortcomings(trial: Trial, ledger: Ledger) -> list[str]:
    found = []
    if ledger.share < trial.floor.share:
        share = f"{ledger.share:.1%} of all SDK calls met a fault"
        found.append(f"only {share}; it should be {trial.floor.share:.0%}")
    if ledger.kills < trial.floor.kills:
        found.append(f"only {ledger.kills} workers were killed; it should be {trial.floor.kills}")
    return found


class _Stopwatch:
    def __init__(self, say: Say) -> None:
        self.seconds: dict[str, float] = {}
        self._say = say

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        since = time.monotonic()
        self._say(f"{name} …")
        yield
        self.seconds[name] = time.monotonic() - since
