"""What is printed stays text, whoever wrote it."""

import pytest

from stagectl.terminal import console


def test_a_branchs_name_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.say("branch \x1b[2J\u202egone")
    console.result("owner \x1b]0;title\x07")

    printed = capsys.readouterr()
    assert printed.err == "branch \\x1b[2J\\u202egone\n"
    assert printed.out == "owner \\x1b]0;title\\x07\n"
