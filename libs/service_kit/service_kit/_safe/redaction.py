"""Error reports that are safe to log."""

from __future__ import annotations

import traceback

from pydantic import ValidationError

from service_kit._safe.validation import safe_reasons
from service_kit.secret_shapes import without_secrets

__all__ = ["safe_message", "safe_traceback"]

_MAX_MESSAGE_CHARS = 1_000
# botocore quotes the rejected argument, which may be a whole item.
_QUOTES_ITS_INPUT = frozenset({"ParamValidationError"})


def safe_traceback(error: BaseException) -> str:
    """Render an error and its causes, with stacks, but without the data that failed.

    Validation errors are reduced to places and reasons, and what looks like a secret is cut out.
    """
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        kind = type(current)
        parts.append(f"{frames}{kind.__module__}.{kind.__qualname__}: {safe_message(current)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nCaused by:\n".join(parts)


def safe_message(error: BaseException) -> str:
    """Return what an error says, without the data that failed."""
    if isinstance(error, ValidationError):
        text = "; ".join(safe_reasons(error))
    elif type(error).__name__ in _QUOTES_ITS_INPUT:
        text = "(not shown: it quotes its input)"
    else:
        text = str(error)
    return without_secrets(text)[:_MAX_MESSAGE_CHARS]
