"""What was measured, step by step of the ramp and route by route."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from load.outcomes import Outcome

PERCENTILES = (50, 95, 99)


@dataclass
class RouteFigures:
    """All requests to one route in one step.

    Attributes:
        outcomes: How often each outcome came.
        milliseconds: How long the answered ones took.
        reasons: What errors there were.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """All requests."""
        return self.outcomes.total()

    @property
    def refused(self) -> int:
        """Those that were throttled or shed."""
        return self.outcomes[Outcome.THROTTLED] + self.outcomes[Outcome.SHED]

    @property
    def errors(self) -> int:
        """Those that were not refused on purpose."""
        return self.outcomes[Outcome.ERROR]

    def percentile(self, percent: int) -> float | None:
        """Return the milliseconds that this share of the answered ones kept within; None without any."""
        if not self.milliseconds:
            return None
        if len(self.milliseconds) == 1:
            return self.milliseconds[0]
        return statistics.quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]


@dataclass
class StepFigures:
    """One step of the ramp.

    Attributes:
        users: How many customers there were.
        seconds: How long it was measured.
        routes: The figures by route.
    """

    users: int
    seconds: float
    routes: dict[str, RouteFigures] = field(default_factory=dict)

    def per_second(self, route: str | None = None) -> float:
        """Return how many requests a second were answered, to one route or to all."""
        routes = [self.routes[name] for name in self.routes if route in {None, name}]
        return sum(figures.outcomes[Outcome.ANSWERED] for figures in routes) / self.seconds


class Measurements:
    """Takes what customers note, into the step that goes on.

    Args:
        users: How many customers there are in each step.
        seconds: How long a step is measured.
    """

    def __init__(self, users: Sequence[int], seconds: float) -> None:
        self.steps = [StepFigures(count, seconds) for count in users]
        self._current: StepFigures | None = None

    def begin(self, step: int | None) -> None:
        """Note what comes from now on into a step, or nowhere while customers arrive."""
        self._current = None if step is None else self.steps[step]

    def note(
        self, route: str, outcome: Outcome, milliseconds: float, *, step: StepFigures | None, reason: str = ""
    ) -> None:
        """Note a request that began in a step."""
        if step is None:
            return
        figures = step.routes.setdefault(route, RouteFigures())
        figures.outcomes[outcome] += 1
        if outcome is Outcome.ANSWERED:
            figures.milliseconds.append(milliseconds)
        if outcome is Outcome.ERROR:
            figures.reasons[reason] += 1

    @property
    def current(self) -> StepFigures | None:
        """The step that goes on."""
        return self._current
