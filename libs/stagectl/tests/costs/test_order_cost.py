import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stagectl.checkout import facts
from stagectl.cli import app
from stagectl.costs import order_use, prices
from stagectl.costs.order_cost import OrderCost, cost_of
from stagectl.costs.order_use import Consumption, Use
from stagectl.costs.prices import Price, PriceList
from stagectl.errors import StagectlError, UsageError

PRICES = PriceList(
    "2026-11-21",
    "us-east-1",
    {
        "write": Price("DynamoDB", "units", usd=1, per=100, source="a page"),
        "read": Price("DynamoDB", "units", usd=1, per=1000, source="a page"),
        "request": Price("SQS", "requests", usd=3, per=100, source="a page"),
    },
)


def cost(*uses: Use, orders: int = 100) -> OrderCost:
    return cost_of(orders, Consumption("2026-11-21", 10, uses), PRICES)


def test_the_cost_is_what_one_order_uses_times_the_orders_times_the_price() -> None:
    assert cost(Use("placing", "table", "write", 2), orders=50).usd == pytest.approx(1)


def test_uses_of_one_unit_are_one_line_with_the_cost_of_each_phase() -> None:
    costs = cost(
        Use("placing", "table", "write", 1),
        Use("placing", "index", "write", 1),
        Use("answering", "table", "write", 3),
    )

    (line,) = costs.lines
    assert line.amount == 500
    assert line.usd_by_phase == pytest.approx({"placing": 2, "answering": 3})


def test_the_most_expensive_component_comes_first_and_keeps_its_lines_together() -> None:
    costs = cost(
        Use("placing", "table", "read", 1),
        Use("placing", "queue", "request", 1),
        Use("placing", "table", "write", 1),
    )

    assert [line.unit for line in costs.lines] == ["request", "write", "read"]
    assert costs.usd_by_component == pytest.approx({"SQS": 3, "DynamoDB": 1.1})


def test_a_use_without_a_price_is_not_left_out_silently() -> None:
    with pytest.raises(StagectlError, match="no price for flights"):
        cost(Use("placing", "sky", "flights", 1))


def test_the_price_list_names_a_component_and_a_source_for_every_price() -> None:
    found = prices.read()

    assert found.date
    assert [
        unit for unit, price in found.prices.items() if not (price.component and price.name and price.source)
    ] == []


# begin only-with-example-services
def test_everything_that_the_committed_measurement_counts_has_a_price() -> None:
    root = Path(__file__).parents[4]
    consumption = order_use.read(root / "tests-e2e" / "benchmarks" / "results" / "orders.json")

    assert cost_of(1, consumption, prices.read()).usd > 0


# end only-with-example-services
def test_consumption_is_read_from_the_benchmarks_result(tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    row = {"phase": "placing", "resource": "table", "unit": "write", "perOrder": 2}
    file.write_text(json.dumps({"measuredAt": "then", "consumption": {"orders": 5, "rows": [row]}}))

    assert order_use.read(file) == Consumption(
        "then",
        5,
        [Use("placing", "table", "write", 2.0)],
    )


def test_a_missing_measurement_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(StagectlError, match="Measure first"):
        order_use.read(tmp_path / "orders.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"measuredAt": "then", "consumption": {"rows": [{}]}}'])
def test_another_file_is_refused_as_a_measurement(tmp_path: Path, text: str) -> None:
    file = tmp_path / "orders.json"
    file.write_text(text)

    with pytest.raises(StagectlError, match="not a result of the benchmark of orders"):
        order_use.read(file)


def test_another_file_is_refused_as_a_price_list(tmp_path: Path) -> None:
    file = tmp_path / "prices.yml"
    file.write_text("date: 2026-11-21")

    with pytest.raises(StagectlError, match="not a price list"):
        prices.read(file)


def test_where_there_are_no_orders_only_a_stage_has_a_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "SERVICES", frozenset({"auth"}))

    with pytest.raises(UsageError, match="pass --stage NAME"):
        CliRunner().invoke(app, ["cost"], catch_exceptions=False)
