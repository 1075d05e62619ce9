import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from stagectl.errors import StagectlError
from stagectl.system import child_process
from stagectl.system.child_process import Children

STUBBORN = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
WITH_GRANDCHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {STUBBORN!r}])"


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_output_and_exit_code_are_returned(tmp_path: Path) -> None:
    script = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)"

    completed = Children().run(python(script), cwd=tmp_path)

    assert (completed.exit_code, completed.output) == (3, "out\nerr\n")


def test_output_that_is_not_text_does_no_harm(tmp_path: Path) -> None:
    script = "import sys; sys.stdout.buffer.write(bytes([255, 10]))"

    assert Children().run(python(script), cwd=tmp_path).output == "\ufffd\n"


def test_a_log_takes_the_output(tmp_path: Path) -> None:
    log = tmp_path / "folder" / "log"

    assert Children().run(python("print('hello')"), cwd=tmp_path, log=log).output == "hello\n"
    assert log.read_text() == "hello\n"


def test_a_missing_program_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(StagectlError, match="npm run setup"):
        Children().run(["/no/such/program"], cwd=tmp_path)


def test_an_interrupt_ends_even_what_ignores_it_and_what_that_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "INTERRUPT_GRACE_SECONDS", 0.2)
    children = Children()
    log = tmp_path / "log"
    others = psutil.Process().children(recursive=True)
    thread = threading.Thread(
        target=children.run, args=(python(WITH_GRANDCHILD),), kwargs={"cwd": tmp_path, "log": log}
    )
    thread.start()
    wait_for(lambda: log.exists() and "up" in log.read_text())
    family = [one for one in psutil.Process().children(recursive=True) if one not in others]

    children.interrupt()
    thread.join(timeout=10)

    assert not thread.is_alive()
    assert family
    wait_for(lambda: not any(map(runs, family)))


def test_nothing_starts_after_an_interrupt(tmp_path: Path) -> None:
    children = Children()
    children.interrupt()

    with pytest.raises(StagectlError, match="Interrupted"):
        children.run(python("pass"), cwd=tmp_path)


def runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
