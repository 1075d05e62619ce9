"""What every handler shares: logs, metrics, correlation, and the order of before, after and on-error."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics
from pydantic import ValidationError

from service_kit.redaction import safe_traceback
from service_kit.settings import ServiceSettings, load_settings
from service_kit.validation import InvalidData, safe_reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "METRICS_NAMESPACE",
    "LambdaHandler",
    "correlation_id",
    "count",
    "invocation",
    "lambda_context",
    "log_error",
    "logger",
    "metrics",
    "sane_correlation_id",
    "use_correlation_id",
]

ReplyT = TypeVar("ReplyT")
LambdaHandler: TypeAlias = Callable[[dict[str, Any], Any], ReplyT]

METRICS_NAMESPACE = "BigMouth"

_SANE_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class _CurrentStdout:
    """Writes to whatever `sys.stdout` is at that moment: the runtime and tests both replace it."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


logger = Logger(stream=cast("IO[str]", _CurrentStdout()), utc=True, use_rfc3339=True)
metrics = Metrics(namespace=METRICS_NAMESPACE)

_state: dict[str, Any] = {"cold": True, "context": None}


@contextmanager
def invocation(context: Any, *, correlation: str | None = None) -> Iterator[None]:
    """Run one invocation of a function: the only place for what happens around every handler.

    Before: log keys (service, stage, function, request id, `cold_start`, correlation id), a new draw for
    debug sampling, the dimensions of metrics, and `ColdStart` once per execution environment. On error: the
    error is logged without data, then raised again. After, in any case: metrics are flushed and log keys
    forgotten.

    Args:
        context: The Lambda context.
        correlation: Correlation id that came with the event; the request id when there is none.

    Raises:
        InvalidData: In place of a pydantic error, because the runtime would log the input with that.
    """
    request_id = str(getattr(context, "aws_request_id", "unknown"))
    _state["context"] = context
    logger.append_keys(function_request_id=request_id, correlation_id=correlation or request_id)
    try:
        _before(str(getattr(context, "function_name", "unknown")))
        yield
    except ValidationError as error:
        log_error("invocation failed", error)
        raise InvalidData(safe_reasons(error)) from None
    except Exception as error:
        log_error("invocation failed", error)
        raise
    finally:
        if metrics.provider.metric_set:
            metrics.flush_metrics()
        logger.clear_state()
        _state["context"] = None


def lambda_context() -> Any:
    """Return the Lambda context of the running invocation, or None outside of one."""
    return _state["context"]


def correlation_id() -> str | None:
    """Return the correlation id of the running invocation, or None outside of one."""
    return logger.get_correlation_id()


@contextmanager
def use_correlation_id(value: str | None) -> Iterator[None]:
    """Use another correlation id for a block, such as one message of a batch; None changes nothing."""
    before = correlation_id()
    logger.set_correlation_id(value or before)
    try:
        yield
    finally:
        logger.set_correlation_id(before)


def sane_correlation_id(value: object) -> str | None:
    """Return the value if it may be used as a correlation id: 1 to 128 of `A-Za-z0-9._-`."""
    if isinstance(value, str) and _SANE_CORRELATION_ID.fullmatch(value):
        return value
    return None


def count(name: str, value: int = 1) -> None:
    """Add to a counting metric of this function; it is flushed when the invocation ends."""
    metrics.add_metric(name=name, unit="Count", value=value)


def log_error(message: str, error: BaseException, **keys: object) -> None:
    """Log an error with its stack, but without the data that caused it."""
    extra = {"exception": safe_traceback(error), "exception_name": type(error).__name__, **keys}
    logger.error(message, extra=extra, stacklevel=3)


def _before(function_name: str) -> None:
    settings = load_settings(ServiceSettings)
    function = function_name.removeprefix(f"{settings.service}-{settings.stage}-")
    cold = _state["cold"] and settings.aws_lambda_initialization_type != "provisioned-concurrency"
    _state["cold"] = False
    logger.append_keys(service=settings.service, stage=settings.stage, function=function, cold_start=cold)
    logger.refresh_sample_rate_calculation()
    _set_dimensions({"service": settings.service, "stage": settings.stage, "function": function})
    if cold:
        count("ColdStart")


def _set_dimensions(dimensions: dict[str, str]) -> None:
    if metrics.default_dimensions != dimensions:
        # Powertools warns when a dimension changes, so the old ones go first.
        metrics.clear_default_dimensions()
        metrics.provider.dimension_set.clear()
        metrics.set_default_dimensions(**dimensions)
