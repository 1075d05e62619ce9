"""More customers, step by step, until all are there or the service levels break."""

import time
from collections.abc import Callable

from gevent.event import Event
from locust import LoadTestShape

from load.measurements import Measurements, StepFigures

# Arriving all at once would measure cold starts alone.
ARRIVALS_PER_SECOND = 5


class Ramp(LoadTestShape):
    """A stepped ramp; each step begins with a time in which customers arrive and nothing is measured.

    Args:
        measurements: Told which step goes on.
        arriving_seconds: How long customers arrive.
        measured_seconds: How long a step is measured.
        ended: Told of each step but the last when its answers are there; says whether to go on.
    """

    def __init__(
        self,
        measurements: Measurements,
        *,
        arriving_seconds: float,
        measured_seconds: float,
        ended: Callable[[StepFigures], bool],
    ) -> None:
        self.reset_time()
        self._end = Event()
        self._measurements = measurements
        self._arriving = arriving_seconds
        self._seconds = arriving_seconds + measured_seconds
        self._ended = ended
        self._number = 0

    def reset_time(self) -> None:
        """Begin the first step now."""
        self._since = time.monotonic()

    def wait_for_the_end(self) -> None:
        """Return once the last step has ended, or one has broken the service levels."""
        self._end.wait()

    def tick(self) -> tuple[int, float]:
        """Return how many customers there are to be now."""
        wanted = None if self._end.is_set() else self._users()
        if wanted is None:
            # The caller that waits for the end stops the customers; Locust would too, if it were informed.
            self._measurements.begin(None)
            self._end.set()
            return self._measurements.steps[self._number].users, ARRIVALS_PER_SECOND
        return wanted, ARRIVALS_PER_SECOND

    def _users(self) -> int | None:
        number, second = divmod(time.monotonic() - self._since, self._seconds)
        is_measured = second >= self._arriving
        if int(number) >= len(self._measurements.steps):
            return None
        # By then also slow answers to what began in the step before are there.
        if is_measured and int(number) > self._number:
            if not self._ended(self._measurements.steps[self._number]):
                return None
            self._number = int(number)
        self._measurements.begin(int(number) if is_measured else None)
        return self._measurements.steps[int(number)].users
