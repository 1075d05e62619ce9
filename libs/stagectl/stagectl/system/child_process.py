"""Run programs that end with the command that started them."""

import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stagectl.errors import StagectlError
from stagectl.system import processes

INTERRUPT_GRACE_SECONDS = 10.0


@dataclass(frozen=True)
class Completed:
    """How a program ended.

    Attributes:
        exit_code: 0 when it succeeded; negative when a signal ended it.
        output: Its standard output and standard error, when they were captured.
        seconds: How long it took.
    """

    exit_code: int
    output: str
    seconds: float


class Children:
    """Runs programs from any number of threads and can interrupt them all, with whatever they started.

    Args:
        inherited: Descriptors that the programs keep open, such as that of a lock.
    """

    def __init__(self, inherited: Sequence[int] = ()) -> None:
        self._inherited = tuple(inherited)
        self._guard = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._interrupted = False

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
        shown: bool = False,
    ) -> Completed:
        """Run a program and wait for its end.

        Args:
            command: Program and arguments.
            cwd: Folder to run in.
            environment: Its whole environment; this process's own when not given.
            log: File that takes the output as it comes.
            shown: Let it print to this process's output instead of capturing what it prints.

        Raises:
            StagectlError: The program is not there, or the programs have been interrupted.
        """
        since = time.monotonic()
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as file:
                child = self._spawn(command, cwd, environment, file.fileno())
        else:
            child = self._spawn(command, cwd, environment, None if shown else subprocess.PIPE)
        try:
            output, _ = child.communicate()
        except BaseException:
            self.interrupt()
            raise
        finally:
            with self._guard:
                self._running.discard(child)
        text = log.read_text(encoding="utf-8", errors="replace") if log else output or ""
        return Completed(child.returncode, text, time.monotonic() - since)

    @property
    def interrupted(self) -> bool:
        """Whether the programs have been interrupted: how they ended then says nothing about them."""
        return self._interrupted

    def interrupt(self) -> None:
        """Interrupt all programs, kill those that do not end within a grace period, and refuse new ones."""
        with self._guard:
            self._interrupted = True
            running = tuple(self._running)
        for child in running:
            processes.signal_group(child.pid, signal.SIGINT)
        deadline = time.monotonic() + INTERRUPT_GRACE_SECONDS
        for child in running:
            try:
                child.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                processes.signal_group(child.pid, signal.SIGKILL)
                child.wait()

    def _spawn(
        self, command: Sequence[str], cwd: Path, environment: Mapping[str, str] | None, output: int | None
    ) -> subprocess.Popen[str]:
        with self._guard:
            if self._interrupted:
                raise StagectlError("Interrupted")
            try:
                child = subprocess.Popen(
                    list(command),
                    cwd=cwd,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=None if output is None else subprocess.STDOUT,
                    text=True,
                    errors="replace",
                    start_new_session=True,
                    pass_fds=self._inherited,
                )
            except FileNotFoundError as error:
                raise StagectlError(f"{command[0]} is not installed. Run `npm run setup`.") from error
            self._running.add(child)
            return child
