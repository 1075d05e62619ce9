"""A replay sends its events only to the rules that its destination names.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ReplayDestination.html (`FilterArns`)
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import eventbridge

Dispatch = Callable[..., None]


def install() -> None:
    """Apply the rule to the dispatching of events."""
    eventbridge._dispatch_event = applying_rules_of_replays(eventbridge._dispatch_event)


def applying_rules_of_replays(dispatch: Dispatch) -> Dispatch:
    """Make the dispatching of events skip the rules that a replay does not name."""

    @wraps(dispatch)
    def operation(event: dict[str, Any], view: Any = None) -> None:
        replay = eventbridge._replays.get(event.get("ReplayName")) or {}
        named = replay.get("Destination", {}).get("FilterArns")
        if named:
            # The rules that an event has already been through are left out, so these are said to be such.
            left_out = [key for key, rule in eventbridge._rules.items() if rule["Arn"] not in named]
            event = {**event, "_DispatchPath": left_out}
        dispatch(event, view)

    return operation
