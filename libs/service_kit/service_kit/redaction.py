"""Error reports that are safe to log."""

from __future__ import annotations

import re
import traceback

from pydantic import ValidationError

from service_kit.validation import safe_reasons

__all__ = ["safe_traceback"]

_MAX_MESSAGE_CHARS = 1_000
_JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")
# botocore quotes the rejected argument, which may be a whole item.
_QUOTES_ITS_INPUT = frozenset({"ParamValidationError"})


def safe_traceback(error: BaseException) -> str:
    """Render an error and its causes, with stacks, but without the data that failed.

    Validation errors are reduced to places and reasons, and JSON web tokens are cut out.
    """
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        kind = type(current)
        parts.append(f"{frames}{kind.__module__}.{kind.__qualname__}: {_message(current)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nCaused by:\n".join(parts)


def _message(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        text = "; ".join(safe_reasons(error))
    elif type(error).__name__ in _QUOTES_ITS_INPUT:
        text = "(not shown: it quotes its input)"
    else:
        text = str(error)
    return _JSON_WEB_TOKEN.sub("(token)", text)[:_MAX_MESSAGE_CHARS]
