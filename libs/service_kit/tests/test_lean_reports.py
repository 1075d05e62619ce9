import json
import logging
import math
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from aws_lambda_powertools.logging import Logger

from service_kit.lean_reports import LeanLogger, LeanMetrics

Logged = Callable[[], list[dict[str, Any]]]


def test_a_line_says_where_in_the_code_it_was_written(logged: Logged) -> None:
    LeanLogger().info("hello")
    assert logged()[0]["location"].startswith("test_a_line_says_where_in_the_code_it_was_written:")


def test_a_line_carries_the_trace_of_its_request(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5bef4de7-ad49b0e8;Parent=9a91;Sampled=1")
    LeanLogger().info("hello")
    assert logged()[0]["xray_trace_id"] == "1-5bef4de7-ad49b0e8"


LEVEL_VARIABLES = ("POWERTOOLS_LOG_LEVEL", "LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL")


def level(monkeypatch: pytest.MonkeyPatch, *values: str | None) -> str:
    """Return the level in an environment with these values of the variables, in their order."""
    for name, value in zip(LEVEL_VARIABLES, values, strict=True):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return LeanLogger().initial_log_level


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((None, None, None), "INFO"),
        (("error", None, None), "ERROR"),
        ((None, "error", None), "ERROR"),
        (("WARNING", "DEBUG", None), "WARNING"),
        ((None, "WARN", None), "WARNING"),
        ((None, "FATAL", None), "CRITICAL"),
        ((None, None, "WARN"), "WARNING"),
        ((None, None, "FATAL"), "CRITICAL"),
        ((None, None, "TRACE"), "DEBUG"),
        ((None, None, "debug"), "INFO"),
        ((None, "INFO", "DEBUG"), "DEBUG"),
        (("INFO", None, "DEBUG"), "DEBUG"),
        (("ERROR", "ERROR", "INFO"), "INFO"),
        ((None, "INFO", "INFO"), "INFO"),
    ],
)
def test_the_level_in_the_environment_is_the_one_that_powertools_finds(
    monkeypatch: pytest.MonkeyPatch, values: tuple[str | None, ...], expected: str
) -> None:
    assert level(monkeypatch, *values) == expected
    if values[2] != "TRACE":  # which Powertools calls NOTSET
        assert logging.getLevelName(Logger(f"{values}").log_level) == expected


@pytest.mark.parametrize(("ours", "lambdas"), [("DEBUG", "INFO"), ("INFO", "ERROR"), ("debug", "FATAL")])
def test_a_level_that_lambda_overrides_with_a_higher_one_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, ours: str, lambdas: str
) -> None:
    with pytest.warns(UserWarning, match="AWS_LAMBDA_LOG_LEVEL"):
        level(monkeypatch, None, ours, lambdas)


def test_an_unknown_or_empty_level_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert level(monkeypatch, "", "LOUD", "") == "INFO"


@pytest.mark.parametrize(("name", "value"), [("LOG_LEVEL", "warning"), ("AWS_LAMBDA_LOG_LEVEL", "WARN")])
def test_the_environment_says_from_which_level_on(
    logged: Logged, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for other in LEVEL_VARIABLES:
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, value)
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


@pytest.mark.parametrize(
    ("level", "written"),
    [
        ("DEBUG", ["DEBUG", "INFO", "WARNING", "ERROR"]),
        ("INFO", ["INFO", "WARNING", "ERROR"]),
        ("WARNING", ["WARNING", "ERROR"]),
        ("ERROR", ["ERROR"]),
        ("CRITICAL", []),
    ],
)
def test_a_line_says_its_level_and_what_was_to_be_said(
    logged: Logged, monkeypatch: pytest.MonkeyPatch, level: str, written: list[str]
) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)
    logger = LeanLogger()
    for write in (logger.debug, logger.info, logger.warning, logger.error):
        write("hello", to="ada")
    lines = logged()
    assert [line["level"] for line in lines] == written
    assert {(line["message"], line["to"]) for line in lines} <= {("hello", "ada")}


def test_metrics_are_described_as_cloudwatch_reads_them(logged: Logged) -> None:
    metrics = LeanMetrics("Kitchen")
    metrics.set_dimensions({"service": "orders"})
    metrics.add_metric("Searches", "Count", 2)
    metrics.flush_metrics()
    (line,) = logged()
    assert line["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": "Kitchen",
            "Dimensions": [["service"]],
            "Metrics": [{"Name": "Searches", "Unit": "Count"}],
        }
    ]
    assert abs(line["_aws"]["Timestamp"] - 1000 * time.time()) < 60_000
    assert (line["service"], line["Searches"]) == ("orders", [2.0])


@pytest.mark.parametrize(("rate", "written", "shown"), [("1", ["seen"], "1"), ("", [], "0"), (None, [], "0")])
def test_the_environment_says_which_share_of_invocations_is_debugged(
    logged: Logged, monkeypatch: pytest.MonkeyPatch, rate: str | None, *, written: list[str], shown: str
) -> None:
    monkeypatch.delenv("POWERTOOLS_LOGGER_SAMPLE_RATE", raising=False)
    if rate is not None:
        monkeypatch.setenv("POWERTOOLS_LOGGER_SAMPLE_RATE", rate)
    logger = LeanLogger()
    logger.refresh_sample_rate_calculation()
    logger.debug("seen")
    logger.info("told")
    lines = logged()
    assert [line["message"] for line in lines] == [*written, "told"]
    assert lines[-1]["sampling_rate"] == shown


def test_a_line_says_when_it_was_written_in_utc(logged: Logged) -> None:
    LeanLogger().info("hello", share=float("nan"))
    (line,) = logged()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["timestamp"])
    assert re.fullmatch(r"\w+:\d+", line["location"])
    assert math.isnan(line["share"])
