"""Operating-system processes: who they are, whom they started, and who holds a port."""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psutil

LOOPBACK = "127.0.0.1"
"""Where programs of this machine listen for others of it."""

_START_TOLERANCE_SECONDS = 2.0
_LARGEST_PID = 2**31 - 1


@dataclass(frozen=True)
class ProcessIdentity:
    """A process that cannot be mistaken for a later one with the same id.

    Attributes:
        pid: Process id.
        started_at: Start in seconds since the epoch.
    """

    pid: int
    started_at: float

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity":
        """Return the identity of a running process.

        Raises:
            psutil.NoSuchProcess: There is no such process.
        """
        return cls(pid, psutil.Process(pid).create_time())

    @classmethod
    def read(cls, text: str) -> "ProcessIdentity | None":
        """Return the identity that a file holds as JSON, or None when the file is damaged."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return None
        match document:
            case {"pid": int(pid), "started_at": float() | int() as started_at} if 0 < pid <= _LARGEST_PID:
                return cls(pid, float(started_at))
            case _:
                return None

    def find(self) -> psutil.Process | None:
        """Return the process while it runs; a zombie, or a newer process with the same id, is None."""
        try:
            process = psutil.Process(self.pid)
            # The boot time that the start is counted from moves a little when the clock is set.
            same = abs(process.create_time() - self.started_at) < _START_TOLERANCE_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


def members_of_session(session_id: int) -> list[psutil.Process]:
    """Return the processes of a session, whatever their current parent."""
    members = []
    for pid in psutil.pids():
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            if os.getsid(pid) == session_id:
                members.append(psutil.Process(pid))
    return members


def session_listens(session_id: int, port: int) -> bool:
    """Return whether a process of a session listens on a port."""
    for process in members_of_session(session_id):
        with contextlib.suppress(psutil.Error, OSError):
            if any(_listens(connection, port) for connection in process.net_connections(kind="tcp")):
                return True
    return False


def processes_with_variable(name: str, value: str) -> list[psutil.Process]:
    """Return the processes of this user that were started with a variable of exactly this value."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(name) == value:
                found.append(process)
    return found


def end(processes: Iterable[psutil.Process], *, grace_seconds: float) -> None:
    """End processes: ask first, and kill those that still run after the grace."""
    asked = list(processes)
    for process in asked:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(asked, timeout=grace_seconds)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=grace_seconds)


def signal_group(leader_pid: int, number: signal.Signals) -> None:
    """Send a signal to a process group, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader_pid, number)


def is_listening(port: int) -> bool:
    """Return whether a program answers on a port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_port() -> int:
    """Return a free port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def holder_of(port: int) -> str:
    """Return who listens on a port, in words: `process 4711 (nginx -g …)`, or what little can be known."""
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections(kind="tcp"):
            if connection.pid and _listens(connection, port):
                return _described(connection.pid)
    return "a program that this user may not look at"


def _listens(connection: Any, port: int) -> bool:
    return connection.status == psutil.CONN_LISTEN and getattr(connection.laddr, "port", None) == port


def _described(pid: int) -> str:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        return f"process {pid} ({' '.join(process.cmdline()) or process.name()})"
    return f"process {pid}"
