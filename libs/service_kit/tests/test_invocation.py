import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel

from service_kit import deadlines
from service_kit import invocation as module
from service_kit._safe.validation import InvalidData
from service_kit.deadlines import DeadlineExceeded
from service_kit.invocation import (
    correlation_id,
    count_for_service,
    invocation,
    lambda_context,
    logger,
    metrics,
    sane_correlation_id,
    seconds_left,
    use_correlation_id,
)
from service_kit.settings import SettingsError, clear_settings

Logged = Callable[[], list[dict[str, Any]]]

HIDDEN = "hunter2"
PACKAGE = Path(__file__).parents[1]


class Order(BaseModel):
    order_id: int


def fail_after_counting() -> None:
    metrics.add_metric(name="OrderPlaced", unit="Count", value=1)
    raise KeyError("first")


def fail_in_two_steps() -> None:
    try:
        fail_after_counting()
    except KeyError as error:
        raise RuntimeError("second") from error


def test_a_log_line_says_who_writes_it(context: Any, logged: Logged) -> None:
    with invocation(context, correlation="c-1"):
        logger.info("hello", order_id="o-1")
    (line,) = logged()
    assert line["message"] == "hello"
    assert line["service"] == "orders"
    assert line["stage"] == "test"
    assert line["function"] == "place-order"
    assert line["function_request_id"] == "lambda-request"
    assert line["correlation_id"] == "c-1"
    assert line["cold_start"] is False
    assert line["order_id"] == "o-1"


def test_without_a_correlation_id_the_request_id_is_one(context: Any) -> None:
    with invocation(context):
        assert correlation_id() == "lambda-request"


def test_nothing_of_an_invocation_is_left_for_the_next(context: Any, logged: Logged) -> None:
    with invocation(context, correlation="c-1"):
        logger.append_keys(order_id="o-1")
    assert correlation_id() is None
    assert lambda_context() is None
    with invocation(context):
        logger.info("next")
    assert "order_id" not in logged()[0]


def test_a_logger_of_a_handler_shares_the_keys_whichever_was_made_first() -> None:
    program = """
import types
from aws_lambda_powertools import Logger
early = Logger()
from service_kit.invocation import invocation
late = Logger()
context = types.SimpleNamespace(aws_request_id="r-1", function_name="orders-test-place-order")
with invocation(context, correlation="c-1"):
    early.append_keys(order_id="o-1")
    early.info("early")
    late.info("late")
"""
    variables = {
        "POWERTOOLS_SERVICE_NAME": "orders",
        "POWERTOOLS_METRICS_NAMESPACE": "Kitchen",
        "STAGE": "test",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE, env=variables, capture_output=True, check=True
    )
    early, late, _ = map(json.loads, done.stdout.splitlines())
    assert (early["message"], late["message"]) == ("early", "late")
    for line in (early, late):
        assert (line["correlation_id"], line["order_id"], line["function"]) == ("c-1", "o-1", "place-order")
        assert line["timestamp"].endswith("+00:00")


def test_the_running_context_can_be_asked_for(context: Any) -> None:
    with invocation(context):
        assert lambda_context() is context


def test_the_cold_start_is_counted_once(
    context: Any, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module._state, "cold", True)
    for _ in range(3):
        with invocation(context):
            logger.info("here")
    lines = logged()
    assert [line["cold_start"] for line in lines if "cold_start" in line] == [True, False, False]
    assert [line["ColdStart"] for line in lines if "ColdStart" in line] == [[1.0]]


def test_provisioned_concurrency_is_no_cold_start(
    context: Any, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module._state, "cold", True)
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")
    with invocation(context):
        pass
    assert logged() == []


def test_metrics_carry_service_stage_and_function(context: Any, logged: Logged) -> None:
    with invocation(context):
        Metrics().add_metric(name="OrderPlaced", unit="Count", value=1)
        metrics.add_metric(name="OrderPlaced", unit=MetricUnit.Count, value=2)
    (metric,) = logged()
    assert metric["OrderPlaced"] == [1.0, 2.0]
    assert {name: metric[name] for name in ("service", "stage", "function")} == {
        "service": "orders",
        "stage": "test",
        "function": "place-order",
    }
    described = metric["_aws"]["CloudWatchMetrics"][0]
    assert described["Metrics"] == [{"Name": "OrderPlaced", "Unit": "Count"}]
    assert described["Namespace"] == "Kitchen"
    assert sorted(described["Dimensions"][0]) == ["function", "service", "stage"]


def test_a_metric_of_the_whole_service_names_its_function_beside_its_dimensions(
    context: Any, logged: Logged
) -> None:
    with invocation(context):
        count_for_service("StaleParameterServed")
    (metric,) = logged()
    [directive] = metric["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["service", "stage"]]
    assert (metric["service"], metric["stage"], metric["function"]) == ("orders", "test", "place-order")
    assert metric["StaleParameterServed"] == [1.0]


def test_metrics_are_flushed_when_the_handler_fails(context: Any, logged: Logged) -> None:
    with pytest.raises(KeyError), invocation(context):
        fail_after_counting()
    assert logged()[-1]["OrderPlaced"] == [1.0]


@pytest.mark.parametrize("switched_off", ["", "true"], ids=["written here", "written by Powertools"])
def test_metrics_that_cannot_be_written_are_logged_and_fail_nothing(
    context: Any, logged: Logged, monkeypatch: pytest.MonkeyPatch, switched_off: str
) -> None:
    monkeypatch.setattr(module, "_may_be_switched_off", lambda: bool(switched_off))
    with invocation(context, correlation="c-1"):
        metrics.add_metric(name="OrderPlaced", unit="Count", value=1)
        metrics.add_metadata(key="order", value=object())
    (line,) = logged()
    assert (line["level"], line["message"]) == ("ERROR", "metrics were not written")
    assert line["correlation_id"] == "c-1"
    with invocation(context):
        metrics.add_metric(name="OrderAccepted", unit="Count", value=1)
    (metric,) = logged()
    assert metric["OrderAccepted"] == [1.0]
    assert "OrderPlaced" not in metric
    assert metric["function"] == "place-order"


def test_an_error_is_logged_with_its_stack_and_raised_again(context: Any, logged: Logged) -> None:
    with pytest.raises(RuntimeError), invocation(context, correlation="c-1"):
        raise RuntimeError("broken")
    (line,) = logged()
    assert line["level"] == "ERROR"
    assert line["exception_name"] == "RuntimeError"
    assert "test_invocation.py" in line["exception"]
    assert "RuntimeError: broken" in line["exception"]
    assert line["correlation_id"] == "c-1"


def test_a_validation_error_leaves_without_the_data_in_it(context: Any, logged: Logged) -> None:
    data = {"order_id": HIDDEN}
    with (
        pytest.raises(InvalidData, match="order_id: Input should be a valid integer") as raised,
        invocation(context),
    ):
        Order.model_validate(data)
    assert raised.value.__suppress_context__
    assert HIDDEN not in str(raised.value) + json.dumps(logged())


def test_tokens_are_cut_out_of_logged_errors(context: Any, logged: Logged) -> None:
    with pytest.raises(RuntimeError), invocation(context):
        raise RuntimeError("refused eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln here")
    (line,) = logged()
    assert "refused (token) here" in line["exception"]


def test_the_causes_of_an_error_are_logged_too(context: Any, logged: Logged) -> None:
    with pytest.raises(RuntimeError), invocation(context):
        fail_in_two_steps()
    line = logged()[0]
    assert line["exception"].index("second") < line["exception"].index("KeyError: 'first'")


def test_an_incomplete_environment_is_logged_by_the_names_of_variables(
    context: Any, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STAGE")
    clear_settings()
    with pytest.raises(SettingsError), invocation(context):
        pass
    assert "STAGE is not set" in logged()[0]["exception"]


def test_debug_sampling_is_drawn_anew_at_every_invocation(
    context: Any, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = iter([0.05, 0.9, 0.05])
    monkeypatch.setattr("aws_lambda_powertools.logging.logger.random.random", lambda: next(draws))
    monkeypatch.setattr(logger, "sampling_rate", 0.1)
    for number in range(3):
        with invocation(context):
            logger.debug("seen", number=number)
    assert [line["number"] for line in logged() if line["message"] == "seen"] == [0, 2]


def test_another_correlation_id_serves_for_its_block(context: Any) -> None:
    with invocation(context, correlation="outer"):
        with use_correlation_id("inner"):
            assert correlation_id() == "inner"
        with use_correlation_id(None):
            assert correlation_id() == "outer"
        assert correlation_id() == "outer"


@pytest.mark.parametrize("value", ["a", "A-1_b.c", "x" * 128])
def test_a_sane_correlation_id_is_kept(value: str) -> None:
    assert sane_correlation_id(value) == value


@pytest.mark.parametrize(
    "value",
    ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2VjcmV0", "AKIAIOSFODNN7EXAMPLE", "ghp_0123456789abcdef"],
)
def test_a_secret_is_no_correlation_id_since_that_is_logged_and_sent_on(value: str) -> None:
    assert sane_correlation_id(value) is None


@pytest.mark.parametrize("value", ["", "x" * 129, "a b", "a\n", "ä", '"}', None, 7])
def test_an_insane_correlation_id_is_dropped(value: object) -> None:
    assert sane_correlation_id(value) is None


@pytest.mark.parametrize(("milliseconds", "seconds"), [(10_000, 9.5), (1_000, 0.5), (400, 0.2), (0, 0.0)])
def test_half_a_second_of_an_invocation_is_kept_for_its_end(milliseconds: int, seconds: float) -> None:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: milliseconds)
    assert seconds_left(context) == pytest.approx(seconds)
    assert seconds_left(SimpleNamespace()) == float("inf")


def test_an_invocation_ends_before_its_function_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deadlines._state, "ends_at", time.monotonic() - 1)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 400)
    since = time.monotonic()
    with pytest.raises(DeadlineExceeded), invocation(context):
        time.sleep(5)
    assert 0.1 < time.monotonic() - since < 2


def test_an_invocation_without_a_name_is_told_as_unknown(logged: Logged) -> None:
    with invocation(SimpleNamespace()):
        logger.info("hello")
    (line,) = logged()
    assert (line["function"], line["function_request_id"]) == ("unknown", "unknown")
