"""The way of an order as the compiled templates declare it, with the durations that were measured."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from devtools.growth.facts import Facts
from stagectl.costs.order_use import Consumption

Templates = Mapping[str, Mapping[str, Any]]
MEGABYTES_OF_A_GIGABYTE = 1024


@dataclass(frozen=True)
class Consumer:
    """A function that reads batches from a stream or queue.

    Attributes:
        name: The function.
        batch_size: The most records of a batch.
        window_seconds: How long a batch may fill.
        concurrency: Batches that are worked on at once: of the queue, or of each shard of the stream.
        seconds: How long one message takes.
        is_together: Whether a batch takes as long as one message.
        is_stream: Whether it reads a stream.
        messages: How many it gets of one order.
    """

    name: str
    batch_size: int
    window_seconds: float
    concurrency: int
    seconds: float
    is_together: bool
    is_stream: bool
    messages: float

    def batch_seconds(self, count: int) -> float:
        """Return how long a batch of so many messages takes."""
        return self.seconds if self.is_together else self.seconds * count

    def per_second(self, shards: int) -> float:
        """Return how many messages it can take in a second, with full batches."""
        batches = self.concurrency * (shards if self.is_stream else 1) / self.batch_seconds(self.batch_size)
        return batches * self.batch_size


@dataclass(frozen=True)
class OrderPath:
    """What an order passes, and what it uses on its way.

    Attributes:
        consumers: By the names of their functions.
        throttles: Requests a second and burst, by `METHOD /path`; `every route` for the others.
        place_seconds: How long place-order takes.
        seconds: How long all functions together take for one order, from finding to answering it.
        parameter_reads: Of each environment, in a second, by function.
        function_seconds: How long each function works for one order.
        deliveries: How many times the bus delivers an event of one order.
        uses: What one order uses, by resource and unit.
    """

    consumers: Mapping[str, Consumer]
    throttles: Mapping[str, tuple[float, float]]
    place_seconds: float
    parameter_reads: Mapping[str, float]
    function_seconds: Mapping[str, float]
    deliveries: float
    uses: Mapping[tuple[str, str], float]

    def used(self, unit: str, resource: str = "") -> float:
        """Return how much of a unit one order uses, of resources whose names hold a text."""
        return sum(amount for (of, kind), amount in self.uses.items() if kind == unit and resource in of)

    def changed(self, parameters: Mapping[str, int]) -> "OrderPath":
        """Return the way with other values of stage parameters."""
        rate, burst = self.throttles["POST /orders"]
        throttle = (parameters.get("ordersPerSecond", rate), parameters.get("ordersBurst", burst))
        consumers = {
            name: replace(
                one,
                concurrency=parameters.get(
                    "outboxParallelization" if one.is_stream else "queueConcurrency", one.concurrency
                ),
            )
            for name, one in self.consumers.items()
        }
        return replace(self, consumers=consumers, throttles={**self.throttles, "POST /orders": throttle})


def read(templates: Templates, consumption: Consumption, facts: Facts) -> OrderPath:
    """Return the way of an order.

    Args:
        templates: Compiled templates by stack.
        consumption: What the benchmark of orders measured.
        facts: What neither of them says.
    """
    uses = {(one.resource, one.unit): 0.0 for one in consumption.uses}
    for one in consumption.uses:
        uses[one.resource, one.unit] += one.per_order
    functions = {
        properties["FunctionName"].split("-", 2)[2]: properties
        for _, properties in _of_type(templates, "AWS::Lambda::Function")
    }
    # "function orders-local-place-order" is what the benchmark calls a function of the stage `local`.
    seconds = {
        resource.split("-", 2)[2]: (
            amount * MEGABYTES_OF_A_GIGABYTE / functions[resource.split("-", 2)[2]]["MemorySize"],
            uses[resource, "lambda-request"],
        )
        for (resource, unit), amount in uses.items()
        if unit == "lambda-gb-second-arm64"
    }
    once = {name: all_seconds / requests for name, (all_seconds, requests) in seconds.items()}
    return OrderPath(
        consumers=dict(_consumers(templates, once, seconds, facts)),
        throttles=dict(_throttles(templates)),
        place_seconds=once["place-order"],
        parameter_reads=dict(_parameter_reads(templates, functions)),
        function_seconds={name: all_seconds for name, (all_seconds, _) in seconds.items()},
        deliveries=_deliveries(templates, uses),
        uses=uses,
    )


def _of_type(templates: Templates, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for template in templates.values():
        for name, resource in template["Resources"].items():
            if resource["Type"] == kind:
                yield name, resource["Properties"]


def _consumers(
    templates: Templates,
    once: Mapping[str, float],
    seconds: Mapping[str, tuple[float, float]],
    facts: Facts,
) -> Iterator[tuple[str, Consumer]]:
    for logical_id, mapping in _of_type(templates, "AWS::Lambda::EventSourceMapping"):
        name = logical_id.partition("EventSourceMapping")[0].replace("Dash", "-").lower()
        if name in facts.batches:
            is_stream = "StartingPosition" in mapping
            yield (
                name,
                Consumer(
                    name=name,
                    batch_size=mapping["BatchSize"],
                    window_seconds=mapping["MaximumBatchingWindowInSeconds"],
                    concurrency=mapping["ParallelizationFactor"]
                    if is_stream
                    else mapping["ScalingConfig"]["MaximumConcurrency"],
                    seconds=once[name],
                    is_together=facts.batches[name] == "together",
                    is_stream=is_stream,
                    messages=seconds[name][1],
                ),
            )


def _throttles(templates: Templates) -> Iterator[tuple[str, tuple[float, float]]]:
    # An API without functions of its own is for other callers than customers.
    services = {
        name: one for name, one in templates.items() if any(_of_type({name: one}, "AWS::Lambda::Function"))
    }
    for _, stage in _of_type(services, "AWS::ApiGateway::Stage"):
        for setting in stage["MethodSettings"]:
            path = setting["ResourcePath"][1:].replace("~1", "/") or "/"
            route = "every route" if path == "*" else f"{setting['HttpMethod']} {path}"
            yield route, (setting["ThrottlingRateLimit"], setting["ThrottlingBurstLimit"])


def _parameter_reads(
    templates: Templates, functions: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, float]]:
    for _, role in _of_type(templates, "AWS::IAM::Role"):
        name = str(role.get("RoleName", "")).partition("-prod-")[2]
        if name in functions:
            variables = functions[name]["Environment"]["Variables"]
            read = len(set(re.findall(r":parameter/([^\"]+)", str(role).replace("'", '"'))))
            yield name, read / float(variables["PARAMETERS_MAX_AGE_SECONDS"])


def _deliveries(templates: Templates, uses: Mapping[tuple[str, str], float]) -> float:
    """Return how many times rules match the events of one order."""
    wanted = [
        kind
        for _, rule in _of_type(templates, "AWS::Events::Rule")
        for kind in rule["EventPattern"].get("detail-type", [])
    ]
    return sum(
        amount * wanted.count(resource.removeprefix("event "))
        for (resource, unit), amount in uses.items()
        if unit == "eventbridge-custom-event"
    )
