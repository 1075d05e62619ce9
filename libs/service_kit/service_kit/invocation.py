"""What every handler shares: logs, metrics, correlation, and the order of before, after and on-error."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache, partial
from logging import DEBUG
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from aws_lambda_powertools import Logger, Metrics
from pydantic import ValidationError
from pydantic_core import to_json

from service_kit._safe.log_lines import CurrentStdout, LeanFormatter
from service_kit._safe.validation import InvalidData, safe_reasons
from service_kit.deadlines import within
from service_kit.secret_shapes import without_secrets
from service_kit.settings import ServiceSettings, load_settings
from service_kit.startup import at_start, end_start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from logging import StreamHandler
    from types import TracebackType

__all__ = [
    "CHECK_DETAIL_TYPE",
    "CHECK_FAILURES",
    "CHECK_MARK",
    "LambdaHandler",
    "correlation_id",
    "count_for_service",
    "invocation",
    "is_release_check",
    "lambda_context",
    "log_error",
    "logger",
    "metrics",
    "sane_correlation_id",
    "seconds_left",
    "use_correlation_id",
]

ReplyT = TypeVar("ReplyT")
LambdaHandler: TypeAlias = Callable[[dict[str, Any], Any], ReplyT]

# Of checks of a new version. The mark stands beside what a trigger delivers, where no request can put it.
CHECK_MARK = "releaseCheck"
CHECK_FAILURES = "releaseCheckFailures"
CHECK_DETAIL_TYPE = "release_check"

# To log why there is no answer, and to answer that: a function with little memory takes its time.
_RESERVE_SECONDS = 0.5
_SANE_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


logger = Logger()
metrics = Metrics()
# A module that was imported before may have made Powertools' logger of this service already.
cast("StreamHandler[Any]", logger.registered_handler).setStream(CurrentStdout())
# Its own methods do what the logger's do, which look for the formatter first.
_sampling: dict[str, Any] = {"sampling_rate": logger.sampling_rate} if logger.sampling_rate else {}
_keys = LeanFormatter(utc=True, use_rfc3339=True, service=logger.service, **_sampling)
logger.registered_handler.setFormatter(_keys)

_state: dict[str, Any] = {"cold": True, "context": None, "is_release_check": False}


class invocation:  # noqa: N801, used as a block, and quicker than a generator
    """Run one invocation of a function: the only place for what happens around every handler.

    Before: log keys (service, stage, function, request id, `cold_start`, correlation id), a new draw for
    debug sampling, the dimensions of metrics, and `ColdStart` once per execution environment; at level DEBUG
    the event is logged, as far as it names no person and holds no secret. On error: the
    error is logged without data, then raised again. After, in any case: metrics are flushed and log keys
    forgotten. Metrics that cannot be written are logged as an error and fail nothing. All of it ends before
    Lambda would end the process, which says nothing to anyone.

    Args:
        context: The Lambda context.
        event: What the function was called with. One with the mark of a release check counts no metrics.
        correlation: Correlation id that came with the event; the request id when there is none.
        at_most_seconds: How long whoever called waits, if that may be less than the function's timeout.

    Raises:
        InvalidData: In place of a pydantic error, because the runtime would log the input with that.
        DeadlineExceeded: When the function's time is nearly up.
    """

    __slots__ = ("_context", "_correlation", "_event", "_limit")

    def __init__(
        self,
        context: Any,
        *,
        event: object = None,
        correlation: str | None = None,
        at_most_seconds: float = float("inf"),
    ) -> None:
        self._context = context
        self._event = event
        self._correlation = correlation
        seconds = min(seconds_left(context), at_most_seconds)
        self._limit = None if seconds == float("inf") else within(seconds, is_outermost=True)

    def __enter__(self) -> None:
        context = self._context
        request_id = str(getattr(context, "aws_request_id", "unknown"))
        _state["context"] = context
        _state["is_release_check"] = isinstance(self._event, dict) and CHECK_MARK in self._event
        _keys.append_keys(function_request_id=request_id, correlation_id=self._correlation or request_id)
        if is_release_check():
            _keys.append_keys(release_check=True)
        try:
            _before(str(getattr(context, "function_name", "unknown")))
            if logger.log_level <= DEBUG:
                _log_event(self._event)
            if self._limit is not None:
                self._limit.__enter__()
        except Exception as error:
            self._limit = None
            self.__exit__(type(error), error, error.__traceback__)
            raise

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        if self._limit is not None:
            self._limit.__exit__()
        try:
            if isinstance(error, Exception):
                log_error("invocation failed", error)
            if isinstance(error, ValidationError):
                raise InvalidData(safe_reasons(error)) from None
        finally:
            if is_release_check():
                metrics.clear_metrics()
            if metrics.metric_set:
                _try_to_flush_metrics()
            _keys.clear_state()
            _keys.thread_safe_clear_keys()
            _state["context"] = None
            _state["is_release_check"] = False
            end_start()


def count_for_service(name: str) -> None:
    """Count something once, in a metric of the whole service: its dimensions are `service` and `stage`.

    One alarm then watches all functions, for the price of one metric. The line names the function. A check of
    a release counts nothing.

    Args:
        name: Name of the metric.
    """
    if is_release_check():
        return
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415, when something fails

    about = dict(metrics.default_dimensions)
    function = about.pop("function", "unknown")
    with single_metric(name=name, unit=MetricUnit.Count, value=1, default_dimensions=about) as metric:
        metric.add_metadata(key="function", value=function)


def lambda_context() -> Any:
    """Return the Lambda context of the running invocation, or None outside of one."""
    return _state["context"]


def is_release_check() -> bool:
    """Return whether the running invocation checks a new version, so that nothing of it may reach anyone."""
    return bool(_state["is_release_check"])


def correlation_id() -> str | None:
    """Return the correlation id of the running invocation, or None outside of one."""
    found: str | None = _keys.log_format.get("correlation_id")
    return found


@contextmanager
def use_correlation_id(value: str | None) -> Iterator[None]:
    """Use another correlation id for a block, such as one message of a batch; None changes nothing."""
    before = correlation_id()
    _keys.append_keys(correlation_id=value or before)
    try:
        yield
    finally:
        _keys.append_keys(correlation_id=before)


def sane_correlation_id(value: object) -> str | None:
    """Return the value if it may be used as a correlation id: 1 to 128 of `A-Za-z0-9._-`, and no secret.

    It is logged, stored and sent on, so a token in its place is not taken.
    """
    if not isinstance(value, str) or not _SANE_CORRELATION_ID.fullmatch(value):
        return None
    return value if without_secrets(value) == value else None


def log_error(message: str, error: BaseException, **keys: object) -> None:
    """Log an error with its stack, but without the data that caused it."""
    from service_kit._safe.redaction import safe_traceback  # noqa: PLC0415, only when something fails

    extra = {"exception": safe_traceback(error), "exception_name": type(error).__name__, **keys}
    logger.error(message, extra=extra, stacklevel=3)


def seconds_left(context: Any) -> float:
    """Return how long an invocation may take: as long as Lambda lets it, without what its own end takes."""
    ask = getattr(context, "get_remaining_time_in_millis", None)
    if ask is None:
        return float("inf")
    left: float = ask() / 1000
    return max(left - _RESERVE_SECONDS, left / 2)


def _before(function_name: str) -> None:
    settings = load_settings(ServiceSettings)
    about = _about(settings.service, settings.stage, function_name)
    cold = _state["cold"] and settings.aws_lambda_initialization_type != "provisioned-concurrency"
    _state["cold"] = False
    _keys.append_keys(**about, cold_start=cold)
    if float(logger.sampling_rate or 0):
        logger.refresh_sample_rate_calculation()
    if metrics.default_dimensions != about:
        # Powertools warns of a dimension that changes, as it does in tests of several functions.
        metrics.clear_default_dimensions()
        metrics.clear_metrics()
        metrics.set_default_dimensions(**about)
    if cold:
        metrics.add_metric(name="ColdStart", unit="Count", value=1)


def _log_event(event: object) -> None:
    from service_kit._safe.event_outline import outline  # noqa: PLC0415, only when it is logged

    logger.debug("called", event=outline(event))


def _try_to_flush_metrics() -> None:
    try:
        _flush_metrics()
    except Exception as error:  # noqa: BLE001, what the function did is done: its caller gets the answer
        log_error("metrics were not written", error)
        metrics.clear_metrics()


def _flush_metrics() -> None:
    """Write what `Metrics.flush_metrics` does, without setting the dimensions again for each line."""
    has_others = metrics.provider.dimension_sets or metrics.dimension_set != metrics.default_dimensions
    if has_others or _may_be_switched_off():
        metrics.flush_metrics()
        return
    sys.stdout.write(to_json(metrics.serialize_metric_set()).decode() + "\n")
    metrics.metric_set.clear()
    metrics.metadata_set.clear()


@cache
def _may_be_switched_off() -> bool:
    return not os.environ.keys().isdisjoint({"POWERTOOLS_DEV", "POWERTOOLS_METRICS_DISABLED"})


@cache
def _about(service: str, stage: str, function_name: str) -> dict[str, str]:
    function = function_name.removeprefix(f"{service}-{stage}-")
    return {"service": service, "stage": stage, "function": function}


at_start(partial(load_settings, ServiceSettings))
