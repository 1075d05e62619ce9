"""Saying what does not fit a model, without repeating the data that does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["InvalidData", "field_path", "safe_message", "safe_reasons"]

# The text of these errors is written by a model's own validators, which may quote the input.
_WRITTEN_BY_MODELS = frozenset({"value_error", "assertion_error"})


class InvalidData(Exception):  # noqa: N818, says what is the case
    """Data that does not fit its model; unlike pydantic's error it never shows the data.

    Attributes:
        reasons: One sentence for each fault, such as `orderId: Field required`.
    """

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


def field_path(location: tuple[int | str, ...]) -> str:
    """Write the place of a fault as `items.0.name`; the whole document is an empty text."""
    return ".".join(str(step) for step in location)


def safe_message(fault: ErrorDetails) -> str:
    """Describe one fault without the value that caused it."""
    return fault["type"] if fault["type"] in _WRITTEN_BY_MODELS else fault["msg"]


def safe_reasons(error: ValidationError) -> list[str]:
    """Describe every fault of a validation for a log: where and why, never the value."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return [f"{field_path(fault['loc']) or 'document'}: {safe_message(fault)}" for fault in faults]
