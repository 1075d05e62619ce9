"""What one order uses of everything that AWS bills, from what the deployed functions really did."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from devtools.contracts.catalogue import rules
from mypy_boto3_sqs.literals import QueueAttributeNameType

from benchmarks import clients
from benchmarks.call_record import Call
from benchmarks.function_reports import FunctionReport, function_reports
from benchmarks.order_life import OrderLife
from benchmarks.table_capacity import TableCapacity, Use
from drivers.routes import deployed_routes
from steps import given
from steps.shop import then, when
from support.polling import until
from support.stage import Stage

FINDING, PLACING, ANSWERING, WAITING, KEEPING = "finding", "placing", "answering", "waiting", "keeping"
GIGABYTE = 2**30
# All orders are placed and answered before the first message appears.
PATIENCE_SECONDS = 300
_MESSAGE_COUNTS: tuple[QueueAttributeNameType, ...] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
SHOWN_DIGITS = 9


def consumption(stage: Stage, life: OrderLife, count: int) -> dict[str, Any]:
    """Take `count` orders through their life, one at a time, and give what each of them used.

    Returns:
        `orders`, and `rows` of phase, resource, unit and the amount per order.
    """
    capacity = TableCapacity(clients.dynamodb(stage))
    measure = _Measure(stage, life, capacity)
    finding = measure.of(lambda: life.find_often(count))
    orders: list[str] = []
    with _short_patience(stage):
        first, short = _place_until_patience_is_short(stage, life)
        life.accept_all(first)
        life.record.wait_until_quiet()
        # Messages of orders with the default patience stay.
        others = waiting_orders(stage) - short
        with _one_message_for_each_order(stage):
            placing = measure.of(lambda: orders.extend(life.place_with_new_key() for _ in range(count)))
            answering = measure.of(lambda: life.accept_all(orders))
            waiting = measure.of(lambda: _wait_for_messages(stage, others))
    keeping = [
        Use(name, "dynamodb-gb-month", size / GIGABYTE) for name, size in capacity.stored_bytes().items()
    ]
    return {
        "orders": count,
        "largestOrderBytes": capacity.largest_bytes(f"orders-{stage.name}"),
        "rows": [
            {
                "phase": phase,
                "resource": resource,
                "unit": unit,
                "perOrder": round(total / number, SHOWN_DIGITS),
            }
            for phase, uses, number in (
                (FINDING, finding, count),
                (PLACING, placing, count),
                (ANSWERING, answering, count),
                # Some of the first ones had a message meanwhile, too.
                (WAITING, waiting, count + short),
                (KEEPING, keeping, count + len(first)),
            )
            for (unit, resource), total in sorted(_totals(uses).items())
        ],
    }


def _wait_for_messages(stage: Stage, others: int) -> None:
    until(
        lambda: waiting_orders(stage),
        lambda count: count <= others,
        within_seconds=PATIENCE_SECONDS + 60,
        what="the end of all waiting",
    )


class _Measure:
    def __init__(self, stage: Stage, life: OrderLife, capacity: TableCapacity) -> None:
        self._stage = stage
        self._record = life.record
        self._capacity = capacity

    def of(self, act: Callable[[], object]) -> list[Use]:
        """Act, wait until everything that follows has ended, and give what all of it used."""
        since = time.time()
        act()
        self._record.wait_until_quiet()
        calls = self._record.since(since)
        reports = list(function_reports(self._stage, since, time.time()))
        return [
            *(use for call in calls for use in self._uses_of_call(call)),
            *_uses_of_functions(self._stage, reports),
            *_uses_of_queues(self._stage, calls, reports),
        ]

    def _uses_of_call(self, call: Call) -> Iterator[Use]:
        match call.service, call.action:
            case "dynamodb", _:
                yield from self._capacity.uses(call)
            case "sns", "Publish":
                topic = call.parameters["TopicArn"].rpartition(":")[2]
                yield Use(f"topic {topic}", "sns-publish", 1)
            case "events", "PutEvents":
                for entry in call.parameters["Entries"]:
                    yield Use(f"event {entry['DetailType']}", "eventbridge-custom-event", 1)
                    size = len(json.dumps(entry).encode())
                    yield Use("archive of the bus", "eventbridge-archived-gb", size / GIGABYTE)
            case "ssm", "GetParameter":
                yield Use(f"parameter {call.parameters['Name']}", "ssm-get-parameter", 1)
                if call.parameters.get("WithDecryption"):
                    # SSM makes it in the function's name; the emulator makes none.
                    yield Use(f"key of {call.parameters['Name']}", "kms-request", 1)
            case "sqs", "SendMessage":
                yield Use(f"queue {call.parameters['QueueUrl'].rpartition('/')[2]}", "sqs-request", 1)
            case "s3", "PutObject":
                # The archive's objects follow from time, not from orders: prod collects events for minutes.
                return
            case _, action:
                raise ValueError(f"no cost is known for {call.service}'s {action}")


def _uses_of_functions(stage: Stage, reports: Iterable[FunctionReport]) -> Iterator[Use]:
    routed = {
        route.function for api in ("orders", "restaurants", "web") for route in deployed_routes(stage, api)
    }
    for report in reports:
        name = f"function {report.name}"
        yield Use(name, "lambda-request", report.invocations)
        yield Use(name, "lambda-gb-second-arm64", report.gigabyte_seconds)
        yield Use(name, "cloudwatch-logs-gb", report.log_bytes / GIGABYTE)
        if report.name in routed:
            yield Use(f"route of {report.name}", "api-gateway-rest-request", report.invocations)


def _uses_of_queues(stage: Stage, calls: Sequence[Call], reports: Sequence[FunctionReport]) -> Iterator[Use]:
    """Count one request for each message that goes in, and two for each batch that a function takes out."""
    published = Counter(
        entry["DetailType"]
        for call in calls
        if call.action == "PutEvents"
        for entry in call.parameters["Entries"]
    )
    batches = {report.name: report.invocations for report in reports}
    for queue, pattern in _queues_behind_the_bus(stage).items():
        taken = sum(count for name, count in published.items() if rules.matches(pattern, name))
        yield Use(f"queue {queue}", "sqs-request", taken)
    for mapping in stage.lambda_.list_event_source_mappings()["EventSourceMappings"]:
        source, function = mapping["EventSourceArn"], mapping["FunctionArn"].rpartition(":")[2]
        if ":sqs:" in source and function in batches:
            yield Use(f"queue {source.rpartition(':')[2]}", "sqs-request", 2 * batches[function])


def _queues_behind_the_bus(stage: Stage) -> dict[str, dict[str, Any]]:
    """Return the pattern of the events that go into each queue; the suite's own queue is on no real stage."""
    bus = stage.published("shared-infra", "eventBusName")
    events = clients.events(stage)
    queues: dict[str, dict[str, Any]] = {}
    for rule in events.list_rules(EventBusName=bus)["Rules"]:
        pattern = json.loads(rule["EventPattern"])
        if "detail-type" in pattern:
            targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]
            queues |= {target["Arn"].rpartition(":")[2]: pattern for target in targets}
    return queues


def waiting_orders(stage: Stage) -> int:
    """Count the messages of orders that wait for an answer: their expiry would be measured as well."""
    attributes = stage.sqs.get_queue_attributes(QueueUrl=_waiting_queue(stage), AttributeNames=["All"])
    return sum(int(attributes["Attributes"][name]) for name in _MESSAGE_COUNTS)


@contextmanager
def _one_message_for_each_order(stage: Stage) -> Iterator[None]:
    """Let an order's message appear once, when its patience is over, as on a stage without tests."""
    queue = _waiting_queue(stage)

    def delay(seconds: int) -> None:
        stage.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": str(seconds)})

    before = stage.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["DelaySeconds"])["Attributes"]
    delay(PATIENCE_SECONDS)
    try:
        yield
    finally:
        delay(int(before["DelaySeconds"]))


def _short_patience(stage: Stage) -> AbstractContextManager[object]:
    """Let orders wait for minutes, so that the run ends in minutes."""
    path = stage.parameter_path("orders", "place-order", "config")
    return given.a_changed_configuration(stage, path, {"patienceSeconds": PATIENCE_SECONDS})


def _place_until_patience_is_short(stage: Stage, life: OrderLife) -> tuple[list[str], int]:
    """Place orders until all wait for as long as configured.

    Each environment of place-order keeps its configuration a while: one short patience shows nothing of the
    next order.

    Returns:
        The orders, and how many of them wait for as long as configured.
    """
    kept_seconds = float(stage.environment("orders", "place-order")["PARAMETERS_MAX_AGE_SECONDS"])
    placed: list[str] = []
    short = 0
    last_long = time.monotonic()

    def seconds_without_a_long_one() -> float:
        nonlocal short, last_long
        placed.append(life.place_with_new_key())
        order = then.it_shows_an_order(when.a_user_gets_an_order(life.driver, life.user.id_token, placed[-1]))
        assert order.answerBy is not None
        if (order.answerBy - order.placedAt).total_seconds() == PATIENCE_SECONDS:
            short += 1
        else:
            last_long = time.monotonic()
        return time.monotonic() - last_long

    until(
        seconds_without_a_long_one,
        lambda seconds: seconds > kept_seconds,
        within_seconds=60,
        what="orders with the configured patience",
    )
    return placed, short


def _waiting_queue(stage: Stage) -> str:
    return stage.sqs.get_queue_url(QueueName=stage.name_on_stage("orders", "await-answer"))["QueueUrl"]


def _totals(uses: Iterable[Use]) -> dict[tuple[str, str], float]:
    totals: dict[tuple[str, str], float] = {}
    for use in uses:
        totals[use.unit, use.resource] = totals.get((use.unit, use.resource), 0) + use.amount
    return {name: total for name, total in totals.items() if total}
