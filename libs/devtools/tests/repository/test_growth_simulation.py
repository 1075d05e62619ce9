"""The simulation of growth, beside what was measured."""

import pytest

from devtools.growth import report
from stagectl.checkout import Checkout

from .conftest import ROOT, Compiled

# So far the median may be from what was measured, in quiet.
CLOSE = 0.25


@pytest.fixture(scope="module")
def templates(compiled: dict[str, Compiled]) -> dict[str, dict[str, object]]:
    return {name: one.template for name, one in compiled.items()}


def test_the_simulation_is_close_to_the_local_stage_at_a_small_rate(
    templates: dict[str, dict[str, object]],
) -> None:
    slowest = report.compare(templates, Checkout(ROOT).order_measurements)[0]
    assert slowest.simulated[0] == pytest.approx(slowest.measured[0], rel=CLOSE)
