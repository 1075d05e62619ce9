"""In place of Powertools' formatter, which the one of service_kit extends."""

from typing import Any


def _nothing(*_: Any, **__: Any) -> None:
    pass


class LambdaPowertoolsFormatter:
    """A formatter that keeps no keys."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return _nothing
