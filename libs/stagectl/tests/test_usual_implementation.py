import json
from collections import Counter
from pathlib import Path

import pytest

from stagectl.errors import StagectlError, UsageError
from stagectl.measured_consumption import Consumption, Use
from stagectl.usual_implementation import more_units_of_a_search, usual_consumption

SEARCH, ORDER = "restaurants-local-search-restaurants", "orders-local-place-order"
MEMORY = {SEARCH: 512, ORDER: 256}


def derived(*uses: Use) -> Counter[tuple[str, str]]:
    measured = Consumption("2026-11-21", 10, uses, memory_mb=MEMORY, ssm_call_milliseconds=4)
    amounts: Counter[tuple[str, str]] = Counter()
    for use in usual_consumption(measured, more_units_of_a_search=8.5).uses:
        amounts[use.unit, use.resource] += use.per_order  # type: ignore[assignment] # fractions count too
    return amounts


def test_every_function_has_a_gigabyte_for_as_long_as_it_took() -> None:
    usual = derived(
        Use("finding", f"function {SEARCH}", "lambda-gb-second-arm64", 0.01),
        Use("placing", f"function {ORDER}", "lambda-gb-second-arm64", 0.01),
    )
    assert usual["lambda-gb-second-arm64", f"function {SEARCH}"] == pytest.approx(0.02)
    assert usual["lambda-gb-second-arm64", f"function {ORDER}"] == pytest.approx(0.04)


def test_every_invocation_asks_ssm_and_waits_for_it() -> None:
    usual = derived(
        Use("placing", f"function {ORDER}", "lambda-request", 2),
        Use("placing", "parameter /orders/local/config", "ssm-get-parameter", 0.06),
    )
    assert usual["ssm-get-parameter", "parameters"] == 2
    assert usual["lambda-gb-second-arm64", "waiting for parameters"] == pytest.approx(2 * 0.004)
    assert ("ssm-get-parameter", "parameter /orders/local/config") not in usual


def test_a_search_scans_and_decrypts_its_secret() -> None:
    usual = derived(
        Use("finding", f"function {SEARCH}", "lambda-request", 1),
        Use("finding", "table restaurants-local", "dynamodb-read-request-unit", 1),
        Use("finding", "key of the secret", "kms-request", 0.03),
    )
    assert usual["dynamodb-read-request-unit", "table restaurants-local"] == 1
    assert usual["dynamodb-read-request-unit", "scans"] == 8.5
    assert usual["kms-request", "secrets"] == 1
    assert ("kms-request", "key of the secret") not in usual


def test_everything_else_stays() -> None:
    assert derived(Use("placing", "topic", "sns-publish", 1)) == {("sns-publish", "topic"): 1}


def test_the_memory_of_a_function_is_not_guessed() -> None:
    with pytest.raises(StagectlError, match="memory of function new"):
        derived(Use("placing", "function new", "lambda-gb-second-arm64", 1))


def row(implementation: str, units: dict[str, float]) -> dict[str, object]:
    return {
        "what": "search",
        "among": "few",
        "page": "first",
        "implementation": implementation,
        "readUnits": units,
    }


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    file = tmp_path / "growth.json"
    rows = [row("own", {"10": 0.5, "1000": 0.5}), row("usual", {"10": 0.5, "1000": 9})]
    file.write_text(json.dumps({"rows": rows}))
    return file


def test_a_scan_costs_what_was_measured_more_than_the_index(measured: Path) -> None:
    assert [more_units_of_a_search(measured, size) for size in (10, 1_000)] == [0, 8.5]


def test_a_size_that_was_not_measured_is_not_made_up(measured: Path) -> None:
    with pytest.raises(UsageError, match="at 10, 1000 restaurants, not at 500"):
        more_units_of_a_search(measured, 500)


def test_a_scan_that_was_never_measured_has_no_figure(tmp_path: Path) -> None:
    with pytest.raises(StagectlError, match="measure first"):
        more_units_of_a_search(tmp_path / "none.json", 10)
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(StagectlError, match="is not what"):
        more_units_of_a_search(tmp_path / "other.json", 10)


def test_the_committed_measurements_can_be_compared() -> None:
    results = Path(__file__).parents[3] / "tests-e2e" / "benchmarks" / "results"
    assert more_units_of_a_search(results / "growth.json", 100_000) > 100
