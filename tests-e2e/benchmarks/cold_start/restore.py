"""Restores from a snapshot: the process that holds it forks, and the copy answers its first event."""

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cold_start.runtime_api import CREDENTIALS_PATH, RuntimeApi, Served
from benchmarks.cold_start.start import DEADLINE_SECONDS, ColdStartFailedError, Start, Subject

_PROGRAM = Path(__file__).with_name("forked_snapshot.py")
_CREDENTIALS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}


def restored_name(subject: str) -> str:
    """Return what a subject is called where it is restored from a snapshot."""
    return f"{subject}, restored"


class Snapshot:
    """A subject that has stopped at its snapshot, to be restored as often as asked; close it at the end.

    Args:
        subject: A subject in Python.
        wrapper: A program to run it under, such as valgrind. Copies are asked to end rather than killed.
        deadline_seconds: How long to wait for the snapshot, and for each answer.

    Attributes:
        name: What it is called in tables.
        pid: The process that holds the snapshot.
    """

    def __init__(
        self, subject: Subject, *, wrapper: Sequence[str] = (), deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self.name = restored_name(subject.name)
        self._subject = subject
        self._deadline_seconds = deadline_seconds
        self._end = signal.SIGTERM if wrapper else signal.SIGKILL
        self._api = RuntimeApi(subject.event)
        self._output = tempfile.TemporaryFile()  # noqa: SIM115, it lasts as long as the process
        self._control, control = socket.socketpair()
        self._control.settimeout(deadline_seconds)
        self._reports = self._control.makefile("r")
        python, *_, handler = subject.command
        kept = {name: text for name, text in subject.environment.items() if name not in _CREDENTIALS}
        with control:
            control.set_inheritable(True)
            self._process = subprocess.Popen(
                [*wrapper, python, _PROGRAM, handler, str(control.fileno())],
                cwd=subject.folder,
                env={
                    **kept,
                    "AWS_LAMBDA_RUNTIME_API": self._api.address,
                    "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{self._api.address}{CREDENTIALS_PATH}",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token",
                },
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                close_fds=False,
            )
        self.pid = self._process.pid

    def start(self) -> Start:
        """Restore a copy, wait for its first answer and end it.

        Raises:
            ColdStartFailedError: There is no snapshot, no answer, or another one than it should be.
        """
        served = self._api.served = Served()
        self._control.sendall(b"r")
        copy = self._api.pid = self._copy()
        served.may_go_on.set()
        self._api.wait(self._deadline_seconds)
        os.kill(copy, self._end)
        return Start.of(self._subject, served, served.restored_at, self._output)

    def close(self) -> None:
        """End the process that holds the snapshot."""
        self._reports.close()
        self._control.close()
        self._process.wait(self._deadline_seconds)
        self._api.close()
        self._output.close()

    def _copy(self) -> int:
        """Return the process that the snapshot has been copied to."""
        if line := self._reports.readline():
            return int(line)
        self._output.seek(0)
        said = self._output.read().decode(errors="replace")[-2000:]
        raise ColdStartFailedError(f"{self.name} has no snapshot\n{said}")
