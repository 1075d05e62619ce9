"""The faults of a run, their rates and durations."""

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class Kind(StrEnum):
    """What may happen to an SDK call. In those called “after”, the request was carried out all the same."""

    ERROR = "error 500"
    THROTTLE = "throttled"
    RESET_BEFORE = "connection reset before"
    RESET_AFTER = "connection reset after"
    HANG_BEFORE = "no answer, before"
    HANG_AFTER = "no answer, after"
    SLOW = "slow answer"
    PARTIAL = "entries refused"
    DUPLICATE = "carried out twice"
    KILL_BEFORE = "worker killed before"
    KILL_AFTER = "worker killed after"


KILLS = frozenset({Kind.KILL_BEFORE, Kind.KILL_AFTER})


@dataclass(frozen=True)
class Rule:
    """One kind of fault at one rate.

    Attributes:
        kind: What happens.
        rate: The chance that a call begins it, from 0 to 1.
        service: The AWS service as botocore calls it, such as `events`, or a pattern.
        action: The API's action, such as `PutEvents`, or a pattern.
        in_a_row: How many calls of that action it takes, one after another: more than an SDK's retries make
            a fault that the product itself has to survive.
    """

    kind: Kind
    rate: float
    service: str = "*"
    action: str = "*"
    in_a_row: int = 1

    def covers(self, service: str, action: str) -> bool:
        """Return whether calls of an action may meet this fault."""
        return fnmatchcase(service, self.service) and fnmatchcase(action, self.action)


@dataclass(frozen=True)
class Outage:
    """Some time in which every call that a rule covers meets its fault, whatever the rule's rate.

    Attributes:
        rule: What happens, and to which calls.
        begins_after_seconds: When it begins, after the start of the faults.
        seconds: How long.
    """

    rule: Rule
    begins_after_seconds: float
    seconds: float

    def is_on(self, service: str, action: str, elapsed_seconds: float) -> bool:
        """Return whether it takes a call."""
        return 0 <= elapsed_seconds - self.begins_after_seconds < self.seconds and self.rule.covers(
            service, action
        )


_TOPIC_DOWN = Rule(Kind.ERROR, 1.0, "sns", "Publish")
# The worst fault of a table: the work is done, but the answer is lost. Writes lose theirs before reads
# do, or no write would be tried.
_WRITES_MUTE = Rule(Kind.RESET_AFTER, 1.0, "dynamodb", "PutItem")
_READS_MUTE = Rule(Kind.RESET_AFTER, 1.0, "dynamodb", "GetItem")
_BUS_OVERLOADED = Rule(Kind.THROTTLE, 1.0, "events", "PutEvents")

_RULES = (
    Rule(Kind.ERROR, 0.020),
    # Longer than the SDK's three attempts.
    Rule(Kind.ERROR, 0.005, in_a_row=4),
    # Longer than the publisher's four tries of three attempts each.
    Rule(Kind.ERROR, 0.010, "events", "PutEvents", in_a_row=14),
    Rule(Kind.THROTTLE, 0.025),
    Rule(Kind.RESET_BEFORE, 0.015),
    Rule(Kind.RESET_AFTER, 0.015),
    Rule(Kind.HANG_BEFORE, 0.001),
    Rule(Kind.HANG_AFTER, 0.002),
    Rule(Kind.SLOW, 0.050),
    Rule(Kind.PARTIAL, 0.100, "events", "PutEvents"),
    Rule(Kind.DUPLICATE, 0.050, "events", "PutEvents"),
    Rule(Kind.DUPLICATE, 0.050, "sns", "Publish"),
    Rule(Kind.DUPLICATE, 0.050, "sqs", "SendMessage*"),
    Rule(Kind.KILL_BEFORE, 0.004),
    Rule(Kind.KILL_AFTER, 0.005),
)


@dataclass(frozen=True)
class FaultPlan:
    """One run.

    Attributes:
        seed: Decides which call meets which fault, by the call's number among those of its action.
        rules: The faults of SDK calls.
        outages: Times when a service is down. The topic's is longer than a queue's receive count lasts, so
            that messages become dead-letter messages; the tables' about as long as a client's patience, so
            that orders are stored of which their customers know nothing.
        slow_seconds: Shortest and longest delay of a slow answer.
        hang_seconds: How long a call gets no answer; longer than any client of the product waits.
        consumer_pauses: How often one of the stage's event source mappings is switched off for a while.
        pause_seconds: Shortest and longest such while, and the time between two of them.
        redelivery_seconds: Visibility timeout that the stage's queues get for the run, so that what a killed
            worker had comes again soon; shorter than a function may run, which makes more repeats.
        tries_of_a_message: How often the stage's queues deliver a message in the run before it is a
        dead-letter message; few, so that the pauses in between fit into an outage.
        outbox_gives_up_after_seconds: How long an outbox tries to publish an event before it puts it aside;
            shorter than the bus's outage, so that unpublished events have to be redriven.
        patience_seconds: How long an order waits for its restaurant's answer.
        simultaneous_requests: How many requests of all users are under way at once; each takes two workers.
        impatience_seconds: How long a user's client waits for an answer.
        attempts: How often a user's client asks for one click.
    """

    seed: int = 1
    rules: tuple[Rule, ...] = _RULES
    outages: tuple[Outage, ...] = (
        Outage(_TOPIC_DOWN, 15.0, 45.0),
        Outage(_WRITES_MUTE, 68.0, 12.0),
        Outage(_READS_MUTE, 70.0, 14.0),
        Outage(_BUS_OVERLOADED, 90.0, 15.0),
    )
    slow_seconds: tuple[float, float] = (0.2, 1.2)
    hang_seconds: float = 7.0
    consumer_pauses: int = 4
    pause_seconds: tuple[float, float] = (1.0, 4.0)
    redelivery_seconds: int = 6
    tries_of_a_message: int = 5
    outbox_gives_up_after_seconds: int = 8
    patience_seconds: int = 30
    simultaneous_requests: int = 6
    impatience_seconds: float = 8.0
    attempts: int = 4

    @property
    def outages_over_after_seconds(self) -> float:
        """When the last outage ends, after the start of the faults."""
        return max((outage.begins_after_seconds + outage.seconds for outage in self.outages), default=0.0)


@dataclass(frozen=True)
class Demand:
    """Who orders how much.

    Attributes:
        orders: How many orders are to be placed.
        users: How many people click.
        double_clicks: The share of clicks that are sent twice at the same time.
        repeats: The share of clicks that are sent again after they were answered.
        refused: How many clicks come on top that must be refused, of each kind, as a share of the orders.
        cancelled: The share of orders that their customers cancel.
        ignored: The share of orders that no restaurant answers, so that they expire.
        rejected: The share of the other orders that restaurants reject.
        staff: How many people answer orders; each is staff of half of the restaurants, so that two or more
            answer the orders of one.
        meddling: The share of answers that staff of another restaurant tries to give, and must not.
    """

    orders: int = 1_000
    users: int = 20
    double_clicks: float = 0.05
    repeats: float = 0.05
    refused: float = 0.03
    cancelled: float = 0.15
    ignored: float = 0.10
    rejected: float = 0.30
    staff: int = 4
    meddling: float = 0.05


@dataclass(frozen=True)
class Floor:
    """How much must have gone wrong for a run to prove anything.

    Attributes:
        share: Share of all SDK calls that failed, were delayed or repeated.
        kills: Workers that were killed in the middle of an invocation.
    """

    share: float = 0.10
    kills: int = 20


@dataclass(frozen=True)
class Trial:
    """A run with all that belongs to it."""

    plan: FaultPlan = field(default_factory=FaultPlan)
    demand: Demand = field(default_factory=Demand)
    floor: Floor = field(default_factory=Floor)
    quiet_within_seconds: float = 300.0


def short_trial(seed: int) -> Trial:
    """Return a run that is over in less than a minute."""
    return Trial(
        FaultPlan(
            seed=seed,
            # Few calls are left between the outages: more of them have to kill.
            rules=(*_RULES, Rule(Kind.KILL_BEFORE, 0.015), Rule(Kind.KILL_AFTER, 0.015)),
            outages=(
                Outage(_WRITES_MUTE, 1.5, 3.0),
                Outage(_READS_MUTE, 2.0, 6.0),
                Outage(_TOPIC_DOWN, 0.0, 16.0),
                Outage(_BUS_OVERLOADED, 1.0, 4.0),
            ),
            consumer_pauses=2,
            pause_seconds=(0.5, 1.5),
            redelivery_seconds=4,
            tries_of_a_message=3,
            outbox_gives_up_after_seconds=2,
            patience_seconds=12,
        ),
        Demand(orders=60, users=6),
        Floor(share=0.05, kills=1),
        quiet_within_seconds=120.0,
    )
