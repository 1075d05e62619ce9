"""Each suppression of checkov has a reason. `stagectl checkov` reports those that are not needed."""

import itertools

from devtools.checks.checkov import CONFIGURATION

from .conftest import ROOT


def test_every_suppression_of_checkov_has_its_reason() -> None:
    lines = (ROOT / CONFIGURATION).read_text(encoding="utf-8").splitlines()
    suppressed = [line for line in lines if line.startswith("  - CKV")]
    unexplained = [
        line
        for before, line in itertools.pairwise(lines)
        if line in suppressed and not before.startswith(("  # ", "  - CKV"))
    ]

    assert len(suppressed) > 10
    assert unexplained == []
