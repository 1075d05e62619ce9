"""In place of Powertools' formatter, which the one of service_kit extends."""

from typing import Any


def _nothing(*_: Any, **__: Any) -> None:
    pass


class LambdaPowertoolsFormatter:
    """A formatter that keeps no keys."""

    log_format: dict[str, Any] = {}  # noqa: RUF012, nothing is ever in it

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return _nothing
