"""docs/growth.md is what the templates and the benchmark say today."""

import pytest

from devtools.growth import page, report
from stagectl.checkout import Checkout
from stagectl.costs import order_use

from .conftest import ROOT, Compiled

# So far the median may be from what was measured, in quiet.
CLOSE = 0.25


@pytest.fixture(scope="module")
def templates(compiled: dict[str, Compiled]) -> dict[str, dict[str, object]]:
    return {name: one.template for name, one in compiled.items()}


def test_the_page_is_what_the_program_writes(templates: dict[str, dict[str, object]]) -> None:
    measurements = Checkout(ROOT).order_measurements
    examined = report.examine(templates, order_use.read(measurements))
    written = page.render(examined, report.compare(templates, measurements))
    assert (ROOT / page.PAGE).read_text(encoding="utf-8") == written, "run: stagectl growth --write"


def test_the_simulation_is_close_to_the_local_stage_at_a_small_rate(
    templates: dict[str, dict[str, object]],
) -> None:
    slowest = report.compare(templates, Checkout(ROOT).order_measurements)[0]
    assert slowest.simulated[0] == pytest.approx(slowest.measured[0], rel=CLOSE)
