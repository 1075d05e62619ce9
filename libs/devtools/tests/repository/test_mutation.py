"""The list of mutations that no test can notice is about the code of today."""

from devtools.mutation.__main__ import EQUIVALENTS
from devtools.mutation.verdicts import Equivalent

from .conftest import ROOT


def test_each_mutation_that_no_test_can_notice_is_of_code_that_exists() -> None:
    def exists(entry: Equivalent) -> bool:
        file = ROOT / entry.file
        # As mutmut's changes are compared: lines without their indentation.
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        return entry.before.strip() in " ".join(line.strip() for line in lines)

    stale = [entry for entry in Equivalent.read_all(EQUIVALENTS) if not exists(entry)]
    assert not stale, f"Remove these from {EQUIVALENTS.name}, or give them their code of today: {stale}"
