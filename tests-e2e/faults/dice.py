"""Choose the fault of each call."""

import random
from threading import Lock

from faults.plan import FaultPlan, Rule
from faults.sdk_call import SdkCall


class Dice:
    """Draws faults from the plan's seed.

    Apart from outages, a draw depends on the seed, the action and the call's number among those of its
    action, and on nothing else: the same seed gives the same faults however calls of different actions
    overlap.
    """

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan
        self._lock = Lock()
        self._running: dict[SdkCall, tuple[Rule, int]] = {}

    def generator(self, call: SdkCall, number: int) -> random.Random:
        """Return the random generator for one call."""
        return random.Random(f"{self._plan.seed}/{call.service}/{call.action}/{number}")  # noqa: S311

    def draw(self, call: SdkCall, number: int, elapsed_seconds: float) -> Rule | None:
        """Return the fault of a call: an outage, a continuing fault of its action, or a new draw.

        Args:
            call: The call.
            number: Its number among those of its action.
            elapsed_seconds: How long faults have been injected by now.

        Returns:
            None when it has no fault.
        """
        for outage in self._plan.outages:
            if outage.is_on(call.service, call.action, elapsed_seconds):
                return outage.rule
        with self._lock:
            rule, left = self._running.get(call, (None, 0))
            if rule is None or not left:
                rule = self._fresh(call, number)
                left = rule.in_a_row if rule else 0
            if rule:
                self._running[call] = (rule, left - 1)
            return rule

    def _fresh(self, call: SdkCall, number: int) -> Rule | None:
        drawn = self.generator(call, number).random()
        for rule in self._plan.rules:
            if rule.covers(call.service, call.action):
                drawn -= rule.rate
                if drawn < 0:
                    return rule
        return None
