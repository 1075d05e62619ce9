import pytest

from stagectl.releases.record import Record

AT = "2026-11-28T16:00:00Z"


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (Record(AT, "5"), f"Release {AT}: version 5 to ?"),
        (Record(AT, "5", "8"), f"Release {AT}: version 5 to 8"),
        (Record(AT, "5", "8", is_undone=True), f"Release {AT}: version 5 to 8, rolled back"),
    ],
)
def test_a_record_is_a_line_that_is_read_as_it_was_written(record: Record, text: str) -> None:
    assert str(record) == text
    assert Record.parse(text) == record


@pytest.mark.parametrize("description", ["", "the alias of production", f"Release {AT}: version x to 8"])
def test_another_description_is_no_record(description: str) -> None:
    assert Record.parse(description) is None


def test_a_record_fits_into_a_description() -> None:
    assert len(str(Record(AT, "9" * 20, "9" * 20, is_undone=True))) <= 256
