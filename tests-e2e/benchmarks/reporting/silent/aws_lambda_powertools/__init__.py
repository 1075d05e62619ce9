"""Powertools that logs and counts nothing: what is left of a handler is what reporting does not cost."""

from typing import Any


def _nothing(*_: Any, **__: Any) -> None:
    pass


class _Silent:
    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return _nothing


class Logger(_Silent):
    """A logger that writes nothing."""

    service = "restaurants"
    sampling_rate = None
    log_level = 20
    registered_handler = _Silent()


class Metrics(_Silent):
    """Metrics that count nothing."""

    metric_set: dict[str, Any] = {}  # noqa: RUF012, nothing is ever in it
    default_dimensions: dict[str, str] = {}  # noqa: RUF012, replaced and never changed

    def set_default_dimensions(self, **dimensions: str) -> None:
        """Remember them, as the handler compares them at each invocation."""
        self.default_dimensions = dimensions
