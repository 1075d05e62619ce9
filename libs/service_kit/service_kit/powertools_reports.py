"""Log lines and metrics by Powertools itself, for `SERVICE_KIT_LEAN_OFF=lean_reports`."""

from __future__ import annotations

import sys
from typing import IO, cast

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics

__all__ = ["PowertoolsMetrics", "powertools_logger"]


class _CurrentStdout:
    """Writes to whatever `sys.stdout` is at that moment: the runtime and tests both replace it."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


class PowertoolsMetrics(Metrics):
    """Powertools' metrics, which say nothing when there is nothing to say."""

    def set_dimensions(self, dimensions: dict[str, str]) -> None:
        """Say what all metrics are about."""
        if self.default_dimensions != dimensions:
            # Powertools warns when a dimension changes, so the old ones go first.
            self.clear_default_dimensions()
            self.provider.dimension_set.clear()
            self.set_default_dimensions(**dimensions)

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:
        """Write what was added, if anything was, and forget it."""
        if self.provider.metric_set:
            super().flush_metrics(raise_on_empty_metrics)


def powertools_logger() -> Logger:
    """Make Powertools' logger."""
    return Logger(stream=cast("IO[str]", _CurrentStdout()), utc=True, use_rfc3339=True)
