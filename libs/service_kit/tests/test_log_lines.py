import json
import logging
import math
import sys
from typing import Any

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from service_kit._safe.log_lines import CurrentStdout, LeanFormatter

KEYS = {"service": "orders", "stage": "test", "sampling_rate": None, "correlation_id": "c-1"}
NO_ORDERS: dict[str, str] = {}
HALF_A_CHARACTER = "\ud800"


@pytest.fixture
def lean() -> LeanFormatter:
    formatter = LeanFormatter(utc=True, use_rfc3339=True)
    formatter.append_keys(**KEYS)
    return formatter


def record(message: object = "hello", *args: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("orders").makeRecord(
        "orders", logging.WARNING, "menu.py", 7, message, args, None, func="serve", extra=extra
    )


def raised() -> logging.LogRecord:
    made = record()
    try:
        NO_ORDERS["o-1"]
    except KeyError:
        made.exc_info = sys.exc_info()
    return made


def line(formatter: logging.Formatter, written: logging.LogRecord) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(formatter.format(written))
    return decoded


@pytest.mark.parametrize(
    "written",
    [
        record(),
        record("Café", order_id="o-1", number=7, nothing=None, share=0.5, names=["a", "b"], more={"x": 1}),
        record("hello", service="another", kind=LambdaPowertoolsFormatter),
        record("%s of %d", "one", 2),
        record({"message": "in parts"}),
        raised(),
    ],
    ids=["plain", "keys", "other keys", "arguments", "no text", "a stack"],
)
@pytest.mark.parametrize("trace", ["Root=1-5bef4de7-ad49b0e8;Parent=9a91;Sampled=1", None])
def test_a_line_is_the_one_of_powertools_own_formatter(
    lean: LeanFormatter, monkeypatch: pytest.MonkeyPatch, written: logging.LogRecord, trace: str | None
) -> None:
    monkeypatch.delenv("_X_AMZN_TRACE_ID", raising=False)
    if trace is not None:
        monkeypatch.setenv("_X_AMZN_TRACE_ID", trace)
    usual = LambdaPowertoolsFormatter(utc=True, use_rfc3339=True)
    usual.append_keys(**KEYS)
    assert line(lean, written) == line(usual, written)
    assert ("xray_trace_id" in line(lean, written)) is (trace is not None)


@pytest.mark.parametrize("second", [1_700_000_000, 1_700_000_001])
@pytest.mark.parametrize("part", [0.0, 0.001, 0.0999, 0.5, 0.9994, 0.9996, 0.9999999])
def test_a_time_is_written_as_powertools_writes_it(lean: LeanFormatter, second: int, part: float) -> None:
    written = record()
    written.created = second + part
    usual = LambdaPowertoolsFormatter(utc=True, use_rfc3339=True)
    assert line(lean, written)["timestamp"] == line(usual, written)["timestamp"]


def test_keys_of_one_thread_are_written(lean: LeanFormatter) -> None:
    lean.thread_safe_append_keys(guest="ada")
    try:
        assert line(lean, record())["guest"] == "ada"
    finally:
        lean.thread_safe_clear_keys()


def test_a_message_that_looks_like_json_stays_a_text(lean: LeanFormatter) -> None:
    assert line(lean, record('{"a": 1}'))["message"] == '{"a": 1}'


@pytest.mark.parametrize(("value", "written"), [({1}, [1]), (object, "<class 'object'>"), (b"text", "text")])
def test_any_value_is_written(lean: LeanFormatter, value: object, written: object) -> None:
    assert line(lean, record(value=value))["value"] == written


def test_no_number_is_written_as_one(lean: LeanFormatter) -> None:
    assert math.isnan(line(lean, record(share=float("nan")))["share"])


def test_half_a_character_is_escaped(lean: LeanFormatter) -> None:
    text = lean.format(record(value=HALF_A_CHARACTER))
    assert text.isascii()
    assert json.loads(text)["value"] == HALF_A_CHARACTER


def test_lines_go_to_the_standard_output_of_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    # Pytest has replaced it for this test, long after the handler was made.
    handler = logging.StreamHandler(CurrentStdout())
    handler.emit(record())
    assert capsys.readouterr().out == "hello\n"
