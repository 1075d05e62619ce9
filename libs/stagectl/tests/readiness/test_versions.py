import pytest

from stagectl.readiness import versions
from stagectl.readiness.finding import Finding, Level


@pytest.mark.parametrize(
    ("text", "level", "says"),
    [
        ("Python 3.10.13", Level.FAIL, "Python 3.10.13 is too old: 3.11 to 3.13 are supported"),
        ("Python 3.11.0", Level.OK, "Python 3.11.0 (3.11 to 3.13 are supported)"),
        ("Python 3.13.9", Level.OK, "Python 3.13.9 (3.11 to 3.13 are supported)"),
        ("Python 3.14.0", Level.WARN, "Python 3.14.0 is not tested yet: 3.11 to 3.13 are"),
    ],
)
def test_a_python_is_judged_by_the_versions_that_are_tested(text: str, level: Level, says: str) -> None:
    found = versions.judged(Finding(Level.OK, "python", text), versions.PYTHON, "install another")

    assert (found.level, found.text) == (level, says)
    assert bool(found.way_out) is (level is not Level.OK)


@pytest.mark.parametrize(
    ("text", "level"),
    [("v20.18.0", Level.FAIL), ("v20.19.0", Level.OK), ("v24.21.0", Level.OK), ("v25.0.0", Level.WARN)],
)
def test_a_node_is_judged_by_its_minor_version_too(text: str, level: Level) -> None:
    assert versions.judged(Finding(Level.OK, "node", text), versions.NODE, "install another").level is level


def test_a_program_that_is_missing_stays_missing() -> None:
    missing = Finding(Level.FAIL, "node", "is missing or does not run", "install it")

    assert versions.judged(missing, versions.NODE, "install another") == missing
