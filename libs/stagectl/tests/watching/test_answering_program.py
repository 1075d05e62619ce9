import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl.errors import StagectlError
from stagectl.watching.answering_program import AnsweringProgram

ECHO = """
import json, os, sys
for number, line in enumerate(sys.stdin):
    if json.loads(line) == "end":
        os._exit(1)
    print(json.dumps([number, json.loads(line)]), flush=True)
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[AnsweringProgram]:
    made = AnsweringProgram([sys.executable, "-c", ECHO], folder=tmp_path, environment={})
    yield made
    made.close()


def test_one_process_answers_all_requests(program: AnsweringProgram) -> None:
    assert [program.ask("a"), program.ask("b")] == [[0, "a"], [1, "b"]]


def test_a_program_that_ends_without_an_answer_is_reported_and_started_again(
    program: AnsweringProgram,
) -> None:
    with pytest.raises(StagectlError, match="ended unexpectedly"):
        program.ask("end")

    assert program.ask("a") == [0, "a"]


def test_a_program_that_is_not_there_is_reported_with_the_way_out(tmp_path: Path) -> None:
    program = AnsweringProgram([str(tmp_path / "no-such-program")], folder=tmp_path, environment={})

    with pytest.raises(StagectlError, match=r"not installed. Run `npm run setup`"):
        program.ask("a")
