"""What is logged of an error: all that helps to find it, and nothing of the data that failed."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ParamValidationError
from pydantic import BaseModel, ValidationError, field_validator

from service_kit._safe.redaction import safe_message, safe_traceback
from service_kit._safe.validation import InvalidData, safe_reasons

HIDDEN = "hunter2"
NOTHING: dict[str, str] = {}


class Order(BaseModel):
    order_id: int
    note: str = ""

    @field_validator("note")
    @classmethod
    def _quotes_its_input(cls, note: str) -> str:
        raise ValueError(f"what is {note}?")


def of_validation(document: object) -> ValidationError:
    with pytest.raises(ValidationError) as raised:
        Order.model_validate(document)
    return raised.value


def second_after_first() -> None:
    try:
        NOTHING[HIDDEN]
    except KeyError:
        raise RuntimeError("second")  # noqa: B904, what is tested


def second_without_first() -> None:
    try:
        NOTHING[HIDDEN]
    except KeyError:
        raise RuntimeError("second") from None


def traceback_of(fails: Callable[[], None]) -> str:
    with pytest.raises(RuntimeError) as raised:
        fails()
    return safe_traceback(raised.value)


def test_a_fault_is_told_by_its_place_and_its_reason_and_never_by_its_value() -> None:
    error = of_validation({"order_id": HIDDEN, "note": HIDDEN})
    assert safe_reasons(error) == [
        "order_id: Input should be a valid integer, unable to parse string as an integer",
        "note: value_error",
    ]
    assert safe_message(error) == "; ".join(safe_reasons(error))


def test_a_fault_of_the_whole_is_told_as_one_of_the_document() -> None:
    (reason,) = safe_reasons(of_validation(HIDDEN))
    assert reason.startswith("document: Input should be a valid dictionary")
    assert HIDDEN not in reason


def test_invalid_data_tells_all_its_reasons() -> None:
    assert str(InvalidData(["a: missing", "b: wrong"])) == "a: missing; b: wrong"


def test_an_error_that_quotes_its_input_is_not_shown() -> None:
    error = ParamValidationError(report=f"Invalid type for parameter Item, value: {HIDDEN}")
    assert safe_message(error) == "(not shown: it quotes its input)"


def test_a_long_message_is_cut() -> None:
    assert safe_message(RuntimeError("x " * 1_000)) == "x " * 500


def test_the_causes_of_an_error_follow_each_other_with_their_stacks() -> None:
    second, first = traceback_of(second_after_first).split("\nCaused by:\n")
    assert second.startswith("  File ")
    assert second.endswith("builtins.RuntimeError: second")
    assert first.endswith(f"builtins.KeyError: '{HIDDEN}'")
    assert all(line.startswith("  ") for line in second.splitlines()[:-1])


def test_a_cause_that_was_to_be_left_out_is_left_out() -> None:
    text = traceback_of(second_without_first)
    assert text.endswith("builtins.RuntimeError: second")
    assert "KeyError" not in text.partition("\nbuiltins.")[2]
    assert "Caused by" not in text


@pytest.mark.timeout(5)
def test_errors_that_cause_each_other_are_each_told_once() -> None:
    first, second = RuntimeError("first"), RuntimeError("second")
    first.__cause__, second.__cause__ = second, first
    assert safe_traceback(first) == "builtins.RuntimeError: first\nCaused by:\nbuiltins.RuntimeError: second"
