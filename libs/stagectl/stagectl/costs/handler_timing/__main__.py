"""Times a handler's warm invocations in this process, which has the environment of its deployed function.

Takes a JSON document as its argument: `handler`, `name`, `arn`, `payload` and `invocations`. The last line
that it prints is a JSON document: `milliseconds`, `processor_milliseconds` and `memory_mb`. What handlers log
comes before it.
"""

import importlib
import json
import statistics
import sys
import time
from types import SimpleNamespace
from typing import Any

import psutil

WARM_UP_INVOCATIONS = 5
ENOUGH_TIME_MS = 60_000
FIRST_FAILURE = 400


def main(request: dict[str, Any]) -> dict[str, float]:
    """Measure, and give the middle of all invocations."""
    module, _, name = request["handler"].rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    context = SimpleNamespace(
        function_name=request["name"],
        aws_request_id="tuning",
        invoked_function_arn=request["arn"],
        memory_limit_in_mb=1769,
        function_version="$LATEST",
        get_remaining_time_in_millis=lambda: ENOUGH_TIME_MS,
    )
    wall, processor = [], []
    for number in range(WARM_UP_INVOCATIONS + request["invocations"]):
        payload = json.loads(json.dumps(request["payload"]))
        since, busy_since = time.perf_counter(), time.process_time()
        answer = handler(payload, context)
        took, busy = time.perf_counter() - since, time.process_time() - busy_since
        _check(answer)
        if number >= WARM_UP_INVOCATIONS:
            wall.append(took)
            processor.append(busy)
    return {
        "milliseconds": statistics.median(wall) * 1000,
        "processor_milliseconds": statistics.median(processor) * 1000,
        "memory_mb": psutil.Process().memory_info().rss / 1024**2,
    }


def _check(answer: Any) -> None:
    status = answer.get("statusCode", 200) if isinstance(answer, dict) else 200
    if status >= FIRST_FAILURE:
        # So that the reason comes last.
        sys.stdout.flush()
        sys.exit(f"it answered {status} to this payload: {answer.get('body')}")


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(main(json.loads(sys.argv[1]))) + "\n")
