"""Facts that no template has: quotas, latencies, and what customers do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from stagectl.checkout.yaml_loader import load_mapping

_FILE = Path(__file__).with_name("facts.yml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quota(_Strict):
    """A default quota of an account, per second or at once."""

    per_second: float | None = None
    limit: float | None = None
    source: str
    change: str

    @property
    def most(self) -> float:
        """The quota's number."""
        return self.per_second or self.limit or 0


class Customers(_Strict):
    """What people do for one order."""

    sign_ins: float
    pages: float
    busiest_restaurant: float


class Stream(_Strict):
    """How a table's stream is divided and read."""

    fewest_shards: int
    write_units_of_a_partition: float
    poll_seconds: float


class Latency(_Strict):
    """A log-normal latency in seconds, or a factor."""

    median: float
    p99: float


class Latencies(_Strict):
    """What passes between two steps."""

    bus: Latency
    queue: Latency
    invocation: Latency


class Facts(_Strict):
    """All of them; see facts.yml."""

    quotas: Mapping[str, Quota]
    customers: Customers
    batches: Mapping[str, Literal["together", "one after another"]]
    stream: Stream
    latencies: Latencies
    changes: Mapping[int, Mapping[str, int]]


def read() -> Facts:
    """Return the facts of facts.yml."""
    return Facts.model_validate(load_mapping(_FILE))
