"""What one order uses, read from the result of the benchmark of orders."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stagectl.errors import StagectlError


@dataclass(frozen=True)
class Use:
    """What one order uses of something that AWS bills.

    Attributes:
        phase: In which part of its life: `finding`, `placing`, `answering` or `keeping`.
        resource: Of what.
        unit: What is counted, as the price list names it.
        per_order: How many.
    """

    phase: str
    resource: str
    unit: str
    per_order: float


@dataclass(frozen=True)
class Consumption:
    """What one order uses of everything, and when that was measured over how many orders.

    Attributes:
        measured_at: When.
        orders: Over how many.
        uses: What one order uses.
    """

    measured_at: str
    orders: int
    uses: Sequence[Use]


NOTHING = Consumption("", 0, ())
"""What an order uses where there are none."""


def read(path: Path) -> Consumption:
    """Return the consumption that a result of the benchmark holds.

    Raises:
        StagectlError: There is no such file, or it is something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        measured = document["consumption"]
        uses = [
            Use(row["phase"], row["resource"], row["unit"], float(row["perOrder"]))
            for row in measured["rows"]
        ]
        return Consumption(document["measuredAt"], measured["orders"], uses)
    except FileNotFoundError:
        raise StagectlError(
            f"{path} does not exist. Measure first: see tests-e2e/benchmarks/README.md."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise StagectlError(f"{path} is not a result of the benchmark of orders: {error!r}.") from error
