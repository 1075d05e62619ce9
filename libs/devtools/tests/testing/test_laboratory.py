import importlib.util

import pytest

from devtools.testing import laboratory
from stagectl.errors import UsageError


def test_all_parts_run_by_default() -> None:
    assert laboratory.chosen([]) == [*laboratory.PARTS]


def test_parts_are_chosen_by_name_and_run_in_their_order() -> None:
    assert [part.name for part in laboratory.chosen(["warm-path", "cold-start"])] == [
        "cold-start",
        "warm-path",
    ]


def test_an_unknown_part_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"called hot-start.*There are: cold-start, warm-path"):
        laboratory.chosen(["hot-start"])


@pytest.mark.parametrize("part", laboratory.PARTS, ids=lambda part: part.name)
def test_every_part_is_a_program(part: laboratory.Part) -> None:
    assert importlib.util.find_spec(f"{part.module}.__main__") is not None
