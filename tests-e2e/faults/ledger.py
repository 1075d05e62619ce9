"""What happened to the SDK calls of a run."""

from collections import Counter
from dataclasses import dataclass
from threading import Lock

from faults.plan import KILLS, Kind
from faults.sdk_call import SdkCall


@dataclass(frozen=True)
class Line:
    """How often a fault hit an action, of how many calls."""

    call: SdkCall
    kind: Kind
    count: int
    calls: int


class Ledger:
    """Counts calls and the faults that they met; may be read and written from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: Counter[SdkCall] = Counter()
        self._faults: Counter[tuple[SdkCall, Kind]] = Counter()

    def called(self, call: SdkCall) -> int:
        """Count a call, and give its number among those of its action, from 0."""
        with self._lock:
            self._calls[call] += 1
            return self._calls[call] - 1

    def injected(self, call: SdkCall, kind: Kind) -> None:
        """Count a fault that was carried out."""
        with self._lock:
            self._faults[call, kind] += 1

    @property
    def calls(self) -> int:
        """How many calls there were."""
        with self._lock:
            return self._calls.total()

    @property
    def faults(self) -> int:
        """How many of them met a fault."""
        with self._lock:
            return self._faults.total()

    @property
    def kills(self) -> int:
        """How many workers were killed."""
        with self._lock:
            return sum(count for (_, kind), count in self._faults.items() if kind in KILLS)

    @property
    def share(self) -> float:
        """Share of the calls that met a fault, from 0 to 1."""
        with self._lock:
            return self._faults.total() / max(1, self._calls.total())

    def lines(self) -> list[Line]:
        """Return all faults, by service, action and kind."""
        with self._lock:
            found = [
                Line(call, kind, count, self._calls[call]) for (call, kind), count in self._faults.items()
            ]
        return sorted(found, key=lambda line: (line.call.service, line.call.action, line.kind))
