import os
import subprocess
import sys
from pathlib import Path

import pytest

from stagectl.errors import BusyError
from stagectl.system import file_lock


def test_a_second_holder_is_refused_with_the_first_ones_words(tmp_path: Path) -> None:
    lock = tmp_path / "folder" / "lock"
    with (
        file_lock.hold(lock, "painting the wall"),
        pytest.raises(BusyError, match=f"process {os.getpid()}, painting the wall"),
        file_lock.hold(lock, "tearing it down"),
    ):
        pass


def test_it_is_free_again_afterwards_also_after_an_error(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with pytest.raises(ValueError, match="oops"), file_lock.hold(lock, "one"):
        raise ValueError("oops")
    with file_lock.hold(lock, "two"):
        assert "two" in lock.read_text()


def test_a_child_that_inherited_it_keeps_it_held(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with file_lock.hold(lock, "deploying") as descriptor:
        command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(descriptor,))
    with pytest.raises(BusyError), file_lock.hold(lock, "deploying too"):
        pass

    child.communicate()
    with file_lock.hold(lock, "deploying too"):
        pass
