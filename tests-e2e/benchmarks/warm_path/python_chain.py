"""Calls a handler in process, with restaurants in memory in place of DynamoDB, and prints what that takes.

    python -m benchmarks.warm_path.python_chain HANDLER WARM-UP INVOCATIONS < INPUT

INPUT is `{"events": [GOOD, BAD], "restaurants": […]}`. Nanoseconds of CPU time per invocation go to standard
error, what the handler writes to standard output. It runs in a process of its own for each handler.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any

from benchmarks.cold_start.observed_start import Context


class Catalogue:
    """The restaurants service's catalogue in memory; it counts searches, as the other handlers do."""

    def __init__(self, restaurants: list[dict[str, Any]]) -> None:
        self._restaurants = restaurants

    def page_of_theme(self, _theme: str, *, after: str | None, count: int) -> Any:  # noqa: ARG002, the port has it
        """Return the first restaurants, validated as those that a table gives."""
        from restaurants.domain.models import Restaurant, RestaurantPage  # noqa: PLC0415, of one handler only
        from service_kit.invocation import metrics  # noqa: PLC0415, as above

        metrics.add_metric(name="Searches", unit="Count", value=1)
        found = [Restaurant.model_validate(item) for item in self._restaurants[:count]]
        return RestaurantPage(restaurants=found, last=None)


def _use(module: Any, restaurants: list[dict[str, Any]]) -> None:
    """Put the restaurants where a handler's module finds its own: a list, a table, or a catalogue."""
    if hasattr(module, "RESTAURANTS"):
        module.RESTAURANTS = restaurants
    elif hasattr(module, "table"):
        module.table.query = lambda **_: {"Items": restaurants}
    else:
        catalogue = Catalogue(restaurants)
        module.wiring.catalogue = lambda: catalogue


def main() -> None:
    """Call the handler and print what one invocation takes."""
    name, _, function = sys.argv[1].rpartition(".")
    warm_up, invocations = map(int, sys.argv[2:])
    given = json.load(sys.stdin)
    module = import_module(name)
    _use(module, given["restaurants"])
    handle, context = getattr(module, function), Context("restaurants-local-search-restaurants")
    good, bad = given["events"]
    # One in ten requests does not fit, so that refusing is part of what is measured.
    events = [bad, *[good] * 9]
    for number in range(warm_up):
        handle(events[number % 10], context)
    statuses = handle(bad, context)["statusCode"], handle(good, context)["statusCode"]
    if statuses not in {(400, 200), (422, 200)}:
        raise SystemExit(f"{name} answers {statuses}")
    since = time.process_time_ns()
    for number in range(invocations):
        handle(events[number % 10], context)
    sys.stderr.write(f"{(time.process_time_ns() - since) / invocations}\n")


if __name__ == "__main__":
    main()
