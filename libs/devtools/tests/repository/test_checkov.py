"""What checkov is told to leave alone has a reason. Whether all of it is needed, `stagectl checkov` says."""

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
