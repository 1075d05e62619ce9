"""What one order uses of everything that AWS bills, from what the deployed functions really did."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from benchmarks import clients
from benchmarks.call_record import Call
from benchmarks.function_reports import FunctionReport, function_reports
from benchmarks.order_life import OrderLife
from benchmarks.table_capacity import TableCapacity, Use
from drivers.routes import deployed_routes
from support.stage import Stage

FINDING, PLACING, ANSWERING, KEEPING = "finding", "placing", "answering", "keeping"
GIGABYTE = 2**30
# The emulator's tokens are UUIDs. AWS allows 2,048 characters and gives no usual length; this is half of it.
LENGTHS_ON_AWS = {"answerToken": 1024}
# Billed by what they lead to.
FREE_CALLS = {"StartExecution", "SendTaskSuccess"}
# The state machine's end is a transition too.
ENDS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"}
SHOWN_DIGITS = 9


def consumption(stage: Stage, life: OrderLife, count: int) -> dict[str, Any]:
    """Take `count` orders through their life, one at a time, and give what each of them used.

    Returns:
        `orders`, and `rows` of phase, resource, unit and the amount per order.
    """
    capacity = TableCapacity(clients.dynamodb(stage), LENGTHS_ON_AWS)
    measure = _Measure(stage, life, capacity)
    finding = measure.of(lambda: life.find_often(count))
    orders: list[str] = []
    placing = measure.of(lambda: orders.extend(life.place_with_new_key() for _ in range(count)))
    placing += _transitions(stage, orders)
    answering = measure.of(lambda: life.accept_all(orders))
    # The histories hold both phases.
    ended = [*_transitions(stage, orders), *_without(_transitions_of(placing))]
    if sum(use.amount for use in ended) < count:
        raise ValueError("answers did not end the waiting of all orders: see the log of accept-order")
    answering += ended
    keeping = [
        Use(name, "dynamodb-gb-month", size / GIGABYTE) for name, size in capacity.stored_bytes().items()
    ]
    return {
        "orders": count,
        "lengthsOnAws": LENGTHS_ON_AWS,
        "largestOrderBytes": capacity.largest_bytes(f"orders-{stage.name}"),
        "rows": [
            {
                "phase": phase,
                "resource": resource,
                "unit": unit,
                "perOrder": round(total / count, SHOWN_DIGITS),
            }
            for phase, uses in (
                (FINDING, finding),
                (PLACING, placing),
                (ANSWERING, answering),
                (KEEPING, keeping),
            )
            for (unit, resource), total in sorted(_totals(uses).items())
        ],
    }


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
            case _, action if action not in FREE_CALLS:
                raise ValueError(f"no cost is known for {call.service}'s {action}")


def _uses_of_functions(stage: Stage, reports: Iterable[FunctionReport]) -> Iterator[Use]:
    routed = {route.function for api in ("orders", "restaurants") for route in deployed_routes(stage, api)}
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
    for queue, detail_types in _queues_behind_the_bus(stage).items():
        yield Use(f"queue {queue}", "sqs-request", sum(published[name] for name in detail_types))
    for mapping in stage.lambda_.list_event_source_mappings()["EventSourceMappings"]:
        source, function = mapping["EventSourceArn"], mapping["FunctionArn"].rpartition(":")[2]
        if ":sqs:" in source and function in batches:
            yield Use(f"queue {source.rpartition(':')[2]}", "sqs-request", 2 * batches[function])


def _queues_behind_the_bus(stage: Stage) -> dict[str, list[str]]:
    """Return the types of events that go into each queue; the suite's own queue is on no real stage."""
    bus = stage.published("shared-infra", "eventBusName")
    events = clients.events(stage)
    queues: dict[str, list[str]] = {}
    for rule in events.list_rules(EventBusName=bus)["Rules"]:
        detail_types = json.loads(rule["EventPattern"]).get("detail-type")
        if detail_types:
            targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]
            queues |= {target["Arn"].rpartition(":")[2]: detail_types for target in targets}
    return queues


def waiting_orders(stage: Stage) -> int:
    """Count the orders that wait for an answer: their expiry would be measured as well."""
    client = clients.step_functions(stage)
    pages = client.get_paginator("list_executions").paginate(
        stateMachineArn=_state_machine_arn(stage), statusFilter="RUNNING"
    )
    return sum(len(page["executions"]) for page in pages)


def _state_machine_arn(stage: Stage) -> str:
    name = f"orders-{stage.name}-await-answer"
    machines = clients.step_functions(stage).list_state_machines()["stateMachines"]
    return next(machine["stateMachineArn"] for machine in machines if machine["name"] == name)


def _transitions(stage: Stage, orders: Sequence[str]) -> list[Use]:
    """Count the states entered so far, and the ends, of the executions that wait for answers to orders."""
    client = clients.step_functions(stage)
    arn = _state_machine_arn(stage)
    execution = arn.replace(":stateMachine:", ":execution:")
    steps = [
        event["type"]
        for order in orders
        for event in client.get_execution_history(executionArn=f"{execution}:{order}")["events"]
    ]
    transitions = sum(step.endswith("StateEntered") or step in ENDS for step in steps)
    return [Use(f"state machine {arn.rpartition(':')[2]}", "step-functions-transition", transitions)]


def _transitions_of(uses: Iterable[Use]) -> list[Use]:
    return [use for use in uses if use.unit == "step-functions-transition"]


def _without(uses: Iterable[Use]) -> list[Use]:
    return [Use(use.resource, use.unit, -use.amount) for use in uses]


def _totals(uses: Iterable[Use]) -> dict[tuple[str, str], float]:
    totals: dict[tuple[str, str], float] = {}
    for use in uses:
        totals[use.unit, use.resource] = totals.get((use.unit, use.resource), 0) + use.amount
    return {name: total for name, total in totals.items() if total}
