import json
from collections.abc import Callable
from typing import Any

import pytest

from service_kit.lean_reports import LeanLogger, LeanMetrics

Logged = Callable[[], list[dict[str, Any]]]


def test_a_line_says_where_in_the_code_it_was_written(logged: Logged) -> None:
    LeanLogger().info("hello")
    assert logged()[0]["location"].startswith("test_a_line_says_where_in_the_code_it_was_written:")


def test_a_line_carries_the_trace_of_its_request(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5bef4de7-ad49b0e8;Parent=9a91;Sampled=1")
    LeanLogger().info("hello")
    assert logged()[0]["xray_trace_id"] == "1-5bef4de7-ad49b0e8"


@pytest.mark.parametrize("name", ["POWERTOOLS_LOG_LEVEL", "LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL"])
def test_the_environment_says_from_which_level_on(
    logged: Logged, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for other in ("POWERTOOLS_LOG_LEVEL", "LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "warning")
    logger = LeanLogger()
    logger.info("too much")
    logger.warning("look")
    logger.error("broken")
    assert [line["message"] for line in logged()] == ["look", "broken"]


@pytest.mark.parametrize(
    ("value", "written"),
    [({1}, [1]), (object, "<class 'object'>"), ("Café", "Café"), (b"text", "text")],
)
def test_any_value_is_written(logged: Logged, value: object, written: object) -> None:
    LeanLogger().info("hello", value=value)
    assert logged()[0]["value"] == written


def test_half_a_character_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    LeanLogger().info("hello", value="\ud800")
    assert json.loads(capsys.readouterr().out)["value"] == "\ud800"


def test_a_metric_with_many_values_is_written_in_parts(logged: Logged) -> None:
    metrics = LeanMetrics("BigMouth")
    for _ in range(250):
        metrics.add_metric("Searches", "Count", 1)
    metrics.flush_metrics()
    assert [len(line["Searches"]) for line in logged()] == [100, 100, 50]


def test_no_metrics_are_no_line(logged: Logged) -> None:
    LeanMetrics("BigMouth").flush_metrics()
    assert logged() == []
