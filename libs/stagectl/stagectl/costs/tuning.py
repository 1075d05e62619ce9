"""Duration and price of a function at each memory size."""

from collections.abc import Sequence
from dataclasses import dataclass

from stagectl.costs.prices import PriceList

SIZES_MB = (128, 256, 512, 1024, 1536, 1769, 3008)
"""From Lambda's smallest on; with 1,769 MB a function has one processor to itself."""


@dataclass(frozen=True)
class Tuned:
    """A function at one memory size.

    Attributes:
        megabytes: The memory.
        milliseconds: How long an invocation takes.
        usd: What an invocation costs, in US dollars, the request included.
        fits: Whether the memory suffices; None when not checked.
    """

    megabytes: int
    milliseconds: float
    usd: float
    fits: bool | None = None


@dataclass(frozen=True)
class Tuning:
    """The result of tuning a function.

    Attributes:
        function: Its name on AWS.
        configured_mb: The memory that it has.
        rows: By memory, the least first.
        method: How that is known, in sentences.
        is_estimate: Whether nothing of it was measured on AWS.
        chart: Address of a chart, or None.
    """

    function: str
    configured_mb: int
    rows: Sequence[Tuned]
    method: Sequence[str]
    is_estimate: bool
    chart: str | None = None

    @property
    def cheapest(self) -> Tuned:
        """The cheapest sufficient memory size."""
        return min(self._fitting, key=lambda row: row.usd)

    @property
    def quickest(self) -> Tuned:
        """The fastest sufficient memory size; of equals, the smallest."""
        return min(self._fitting, key=lambda row: (round(row.milliseconds, 1), row.megabytes))

    @property
    def _fitting(self) -> list[Tuned]:
        return [row for row in self.rows if row.fits is not False] or list(self.rows)


def usd_of_invocation(megabytes: int, milliseconds: float, price_list: PriceList) -> float:
    """Return the cost of an invocation; Lambda rounds up to milliseconds.

    Raises:
        StagectlError: The list lacks one of Lambda's prices.
    """
    gigabyte_seconds = megabytes / 1024 * -(-milliseconds // 1) / 1000
    duration = price_list.price("lambda-gb-second-arm64").of(gigabyte_seconds)
    return duration + price_list.price("lambda-request").of(1)
