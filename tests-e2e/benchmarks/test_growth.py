"""Whether reading costs more in larger tables: in units, which do not depend on the machine."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.growth.cases import BOUNDED, cases
from benchmarks.growth.fit import growth, line
from benchmarks.growth.measuring import PAGE_SIZE
from benchmarks.growth.population import Population
from benchmarks.measured_results import Target
from support.stage import REPOSITORY

# Which implementation answers makes no difference to how it is called.
pytestmark = pytest.mark.http_only


def test_what_stays_as_it_is_grows_constantly() -> None:
    found = growth({10: 2.5, 1_000: 2.5, 100_000: 2.5})
    assert (found.exponent, found.ratio, found.word) == (0, 1, "constant")


def test_what_grows_with_the_size_from_a_smallest_price_on_grows_linearly() -> None:
    found = growth({10: 0.5, 1_000: 8.5, 100_000: 850})
    assert (found.word, found.ratio) == ("linear", 1700)


def test_what_grows_up_to_a_bound_is_not_called_constant() -> None:
    assert growth({10: 1, 1_000: 10, 100_000: 10}).word == "size^0.50"


def test_what_grows_with_the_square_of_the_size_is_called_so() -> None:
    assert growth({10: 1e2, 1_000: 1e6, 100_000: 1e10}).exponent == pytest.approx(2)


def test_a_line_says_what_each_more_costs() -> None:
    found = line({1: 105, 10: 150, 50: 350})
    assert [found.base, found.each, found.explained] == pytest.approx([100, 5, 1])


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    # In a process of its own, since the functions read limits from its environment. They log to its output.
    file = tmp_path_factory.mktemp("growth") / "results.json"
    program = (
        "import json, sys; from benchmarks.growth.run import measure; "
        "json.dump(measure((10, 600), rounds=1, page_rounds=1), open(sys.argv[1], 'w'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        cwd=Path(REPOSITORY, "tests-e2e"),
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    results: dict[str, Any] = json.loads(file.read_text())
    return results


def test_no_page_costs_more_in_larger_tables(measured: dict[str, Any]) -> None:
    own = [row for row in measured["rows"] if row["implementation"] == "own"]
    asked = {(case.what, case.among, case.page) for case in cases(Population(600), PAGE_SIZE)}
    assert {(row["what"], row["among"], row["page"]) for row in own} == asked
    more = {row["what"]: row["readUnits"] for row in own if row["growth"]["ratio"] != 1}
    assert set(more) == set(BOUNDED), more
    assert [target["name"] for target in measured["targets"] if not Target(**target).is_met] == []


def test_the_usual_search_costs_more_in_larger_tables(measured: dict[str, Any]) -> None:
    usual = [row for row in measured["rows"] if row["implementation"] == "usual"]
    assert {row["among"] for row in usual} == {"one", "few", "all"}
    assert all(row["growth"]["ratio"] > 2 for row in usual)


def test_what_is_read_grows_with_the_page_and_with_nothing_else(measured: dict[str, Any]) -> None:
    assert {row["what"] for row in measured["pages"]} == {
        "list",
        "search",
        "search by text",
        "favourites",
        "my orders",
        "a restaurant's orders",
    }
    assert [row["title"] for row in measured["pages"] if row["line"]["explained"] < 0.99] == []
