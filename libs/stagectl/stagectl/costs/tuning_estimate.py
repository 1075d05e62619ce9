"""Estimate a function's duration and price on AWS from its durations on this machine."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stagectl.checkout import Checkout
from stagectl.costs.prices import PriceList
from stagectl.costs.tuning import Tuned, Tuning, usd_of_invocation
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

FULL_PROCESSOR_MB = 1769
"""Lambda gives processor time in proportion to memory, and at this much one whole processor."""
ROOM_FACTOR = 1.25
_PROGRAM = Path(__file__).with_name("handler_timing")
METHOD = (
    "AN ESTIMATE BY A MODEL. Nothing was measured on AWS.",
    "Measured: the handler's warm time on this machine, its processor time, and its memory.",
    "Assumed: processor time grows as Lambda's share of a processor shrinks (all of one from 1,769 MB on).",
    "Assumed: Lambda's processors are as fast as this machine's, and AWS answers as fast as the emulator.",
    "Not included: cold starts, and that Lambda measures memory differently.",
)


@dataclass(frozen=True)
class HandlerTimes:
    """Medians of warm invocations of a handler on this machine.

    Attributes:
        milliseconds: From call to result.
        processor_milliseconds: Of that, time in which it computed.
        memory_mb: What its process had in memory at the end.
        invocations: Over how many invocations.
    """

    milliseconds: float
    processor_milliseconds: float
    memory_mb: float
    invocations: int

    @property
    def waiting_milliseconds(self) -> float:
        """Time in which it waited for others."""
        return max(0.0, self.milliseconds - self.processor_milliseconds)


def measure(
    checkout: Checkout,
    configuration: Mapping[str, Any],
    environment: Mapping[str, str],
    payload: Any,
    *,
    service: str,
    invocations: int,
) -> HandlerTimes:
    """Run a deployed function's handler, from this checkout, in a process of its own.

    Args:
        checkout: The checkout whose handler it is.
        configuration: The deployed function's, as Lambda gives it: name, ARN, handler and variables count.
        environment: How the process reaches the emulator.
        payload: The event of every invocation.
        service: Name of the service.
        invocations: How often it is measured.

    Raises:
        StagectlError: The handler failed, or did not answer the event with success.
    """
    request = {
        "handler": configuration["Handler"],
        "name": configuration["FunctionName"],
        "arn": configuration["FunctionArn"],
        "payload": payload,
        "invocations": invocations,
    }
    own = configuration.get("Environment", {}).get("Variables", {})
    folders = [checkout.root / "services" / service, checkout.root / "libs" / "service_kit"]
    completed = Children().run(
        [sys.executable, str(_PROGRAM), json.dumps(request)],
        cwd=checkout.root,
        environment={**environment, **own, "PYTHONPATH": ":".join(map(str, folders))},
    )
    last = completed.output.strip().rpartition("\n")[2]
    if completed.exit_code != 0:
        raise StagectlError(f"{configuration['FunctionName']} could not be measured: {last}.")
    measured = json.loads(last)
    return HandlerTimes(**measured, invocations=invocations)


def estimate(
    function: str, configured_mb: int, times: HandlerTimes, price_list: PriceList, sizes_mb: Sequence[int]
) -> Tuning:
    """Return the model's estimate from measured durations.

    Raises:
        StagectlError: The list lacks one of Lambda's prices.
    """
    rows = []
    for megabytes in sizes_mb:
        share = min(1.0, megabytes / FULL_PROCESSOR_MB)
        milliseconds = times.waiting_milliseconds + times.processor_milliseconds / share
        usd = usd_of_invocation(megabytes, milliseconds, price_list)
        rows.append(Tuned(megabytes, milliseconds, usd, megabytes >= times.memory_mb * ROOM_FACTOR))
    measured = (
        f"Here it took {times.milliseconds:.1f} ms, {times.processor_milliseconds:.1f} ms of them computing, "
        f"in the middle of {times.invocations} invocations, and {times.memory_mb:.0f} MB."
    )
    return Tuning(function, configured_mb, rows, (*METHOD, measured), is_estimate=True)
