"""Read the outcomes of a test run from its JUnit files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from stagectl.errors import UsageError

_BROKEN = ("failure", "error")


@dataclass
class SuiteOutcomes:
    """The total of test runs.

    Attributes:
        tests: How many tests there were.
        failed: Names of those that failed or broke, in their order.
        skipped: How many did not apply.
        seconds: How long they took, one after another.
    """

    tests: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: int = 0
    seconds: float = 0.0


def read(paths: Iterable[Path]) -> SuiteOutcomes | None:
    """Return the total of JUnit files, or None when there is none.

    Args:
        paths: Files, and folders of which every `*.xml` counts. What does not exist is left out.

    Raises:
        UsageError: A file is not JUnit's XML.
    """
    outcomes = SuiteOutcomes()
    files = [file for path in paths for file in _files_of(path)]
    for file in files:
        try:
            document = ET.parse(file).getroot()  # noqa: S314 - pytest wrote it
        except ET.ParseError as error:
            raise UsageError(f"{file} is not a JUnit file: {error}.") from None
        for case in document.iter("testcase"):
            outcomes.tests += 1
            outcomes.seconds += float(case.get("time", 0))
            if any(case.find(kind) is not None for kind in _BROKEN):
                outcomes.failed.append(f"{case.get('classname', '')}::{case.get('name', '')}")
            elif case.find("skipped") is not None:
                outcomes.skipped += 1
    return outcomes if files else None


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("**/*.xml"))
    return [path] if path.is_file() else []
