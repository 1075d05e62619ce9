"""Log lines and metrics of a Lambda as JSON on standard output: the lines that Powertools writes, for less.

Powertools' Logger is built on `logging`, makes a record, a copy of its format and a JSON encoder for each
line, and comes with a JMESPath parser. These do only what the kit needs of it: 8 ms less in a cold start, and
a quarter of the time for each invocation (`python -m benchmarks.warm_path`).
`SERVICE_KIT_LEAN_OFF=lean_reports` brings Powertools' own back.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LeanLogger", "LeanMetrics"]

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
# As `logging` calls them too.
_OTHER_NAMES = {"WARN": "WARNING", "FATAL": "CRITICAL", "NOTSET": "DEBUG"}
# The levels of Lambda's advanced logging controls, in the only spelling that they have.
_LEVELS_OF_LAMBDA = {
    "TRACE": "DEBUG",
    "DEBUG": "DEBUG",
    "INFO": "INFO",
    "WARN": "WARNING",
    "ERROR": "ERROR",
    "FATAL": "CRITICAL",
}
_DEBUG, _INFO, _WARNING, _ERROR = 10, 20, 30, 40
# CloudWatch takes no more values of one metric in one line.
_MAX_VALUES = 100


class LeanLogger:
    """Writes one line of JSON for each message, with the keys that were appended before.

    Attributes:
        initial_log_level: The level when debug sampling has not drawn this invocation.
        sampling_rate: The share of invocations that log at level DEBUG, from 0 to 1.
    """

    def __init__(self) -> None:
        self.initial_log_level = _level_in_environment()
        self.sampling_rate: float | str = os.environ.get("POWERTOOLS_LOGGER_SAMPLE_RATE") or "0"
        self._level = _LEVELS[self.initial_log_level]
        self._keys: dict[str, Any] = {}

    def append_keys(self, **keys: object) -> None:
        """Add keys to each following line of this invocation."""
        self._keys.update(keys)

    def clear_state(self) -> None:
        """Forget all keys that were appended."""
        self._keys = {}

    def get_correlation_id(self) -> str | None:
        """Return the key `correlation_id`."""
        return self._keys.get("correlation_id")

    def set_correlation_id(self, value: str | None) -> None:
        """Set the key `correlation_id`."""
        self._keys["correlation_id"] = value

    def refresh_sample_rate_calculation(self) -> None:
        """Draw anew whether this invocation logs at level DEBUG."""
        self._level = _LEVELS[self.initial_log_level]
        if self.sampling_rate != "0" and random.random() <= float(self.sampling_rate):  # noqa: S311, a share
            self._level = _DEBUG

    def debug(self, message: str, **keys: Any) -> None:
        """Write a line when debugging or drawn for it."""
        if self._level <= _DEBUG:
            self._write("DEBUG", message, keys)

    def info(self, message: str, **keys: Any) -> None:
        """Write a line about what is as it should be."""
        if self._level <= _INFO:
            self._write("INFO", message, keys)

    def warning(self, message: str, **keys: Any) -> None:
        """Write a line about what somebody should look at."""
        if self._level <= _WARNING:
            self._write("WARNING", message, keys)

    def error(
        self, message: str, *, extra: Mapping[str, Any] | None = None, stacklevel: int = 1, **keys: Any
    ) -> None:
        """Write a line about a failure.

        Args:
            message: What failed.
            extra: Further keys.
            stacklevel: Whose place in the code is named: 1 is the caller, 2 its caller.
            keys: Further keys.
        """
        if self._level <= _ERROR:
            self._write("ERROR", message, {**keys, **(extra or {})}, stacklevel)

    def _write(self, level: str, message: str, keys: Mapping[str, Any], stacklevel: int = 1) -> None:
        caller = sys._getframe(stacklevel + 1)  # noqa: SLF001, what `logging` does as well
        line = {
            "level": level,
            "location": f"{caller.f_code.co_name}:{caller.f_lineno}",
            "message": message,
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "sampling_rate": self.sampling_rate,
            **self._keys,
            **keys,
        }
        if trace := os.environ.get("_X_AMZN_TRACE_ID"):
            line["xray_trace_id"] = trace.partition(";")[0].removeprefix("Root=")
        _print(line)


class LeanMetrics:
    """Collects metrics and writes them in CloudWatch's embedded metric format, all in one line.

    Args:
        namespace: The namespace of all metrics.
    """

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._dimensions: dict[str, str] = {}
        self._units: dict[str, str] = {}
        self._values: dict[str, list[float]] = {}

    def set_dimensions(self, dimensions: dict[str, str]) -> None:
        """Say what all metrics are about."""
        self._dimensions = dimensions

    def add_metric(self, name: str, unit: str, value: float) -> None:
        """Add a value to a metric."""
        values = self._values.setdefault(name, [])
        values.append(float(value))
        self._units[name] = unit
        if len(values) == _MAX_VALUES:
            self.flush_metrics()

    def clear_metrics(self) -> None:
        """Forget what was added."""
        self._units, self._values = {}, {}

    def flush_metrics(self) -> None:
        """Write what was added, if anything was, and forget it."""
        if not self._values:
            return
        described = {
            "Namespace": self._namespace,
            "Dimensions": [[*self._dimensions]],
            "Metrics": [{"Name": name, "Unit": unit} for name, unit in self._units.items()],
        }
        envelope = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [described]}
        _print({"_aws": envelope, **self._dimensions, **self._values})
        self.clear_metrics()


def _print(line: Mapping[str, Any]) -> None:
    try:
        text = to_json(line, fallback=str, inf_nan_mode="constants").decode()
    except (PydanticSerializationError, UnicodeError):
        # Half a character, which no output can hold, or a circle: better escaped than a failed invocation.
        text = json.dumps(line, separators=(",", ":"), default=str)
    # In one piece: another thread's line must not come in between.
    sys.stdout.write(text + "\n")


def _level_in_environment() -> str:
    """Read the level as Powertools does: Lambda's setting wins over its own, and that over the older one.

    Lambda drops what is less than its own level, so a warning says so when ours would write more.
    """
    ours = os.environ.get("POWERTOOLS_LOG_LEVEL") or os.environ.get("LOG_LEVEL") or ""
    ours = _OTHER_NAMES.get(ours.upper(), ours.upper())
    lambdas = _LEVELS_OF_LAMBDA.get(os.environ.get("AWS_LAMBDA_LOG_LEVEL", ""))
    if lambdas and ours in _LEVELS and _LEVELS[lambdas] > _LEVELS[ours]:
        warnings.warn(
            f"AWS_LAMBDA_LOG_LEVEL overrides the log level {ours} by {lambdas}: set one of them", stacklevel=2
        )
    return lambdas or (ours if ours in _LEVELS else "INFO")
