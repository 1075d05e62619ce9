"""Start, find and stop the local emulator (MiniStack)."""

import contextlib
import http.client
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import Enum
from pathlib import Path

import psutil

from stagectl.checkout import Checkout
from stagectl.errors import BusyError, EmulatorError, PortTakenError
from stagectl.system import file_lock, processes
from stagectl.system.processes import ProcessIdentity
from stagectl.targets import emulator_environment

READY_DEADLINE_SECONDS = 60.0
STOP_GRACE_SECONDS = 5.0
_HEALTH_TIMEOUT_SECONDS = 5.0
_POLL_SECONDS = 0.05
_LOG_TAIL_LINES = 15
_PORT = re.compile(r"[1-9][0-9]{0,4}")


class EmulatorState(Enum):
    """The state of this checkout's emulator on a port."""

    STOPPED = "stopped"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


class Emulator:
    """The emulator of one checkout on one port.

    Its folder `.bigmouth/emulators/PORT` holds its log, the identity of its process and its
    temporary files, so that a later command finds it again, also when the command that started it was killed.

    Args:
        checkout: The checkout that it belongs to.
        port: Port of the loopback address.
        command: The program to run in place of MiniStack, for tests.
    """

    def __init__(self, checkout: Checkout, port: int, *, command: Sequence[str] | None = None) -> None:
        self.port = port
        self.url = emulator_environment.url(port)
        self.folder = checkout.emulators / str(port)
        self.log = self.folder / "emulator.log"
        self.checkout = checkout
        self._child: subprocess.Popen[bytes] | None = None
        self._command = list(command or checkout.emulator_command)

    def state(self) -> EmulatorState:
        """Return whether our emulator runs and answers on the port."""
        if self._process() is None:
            return EmulatorState.STOPPED
        return EmulatorState.HEALTHY if self._answers() else EmulatorState.UNHEALTHY

    def is_alive(self) -> bool:
        """Return whether our emulator's process runs; cheap enough to ask every second."""
        return self._process() is not None

    def pid(self) -> int | None:
        """Return the id of our emulator's process while it runs."""
        process = self._process()
        return process.pid if process else None

    def start(self) -> bool:
        """Start our emulator on the port, unless it runs already, and wait until it answers.

        Returns:
            True when an emulator was started, False when one was there.

        Raises:
            PortTakenError: Another program listens on the port.
            EmulatorError: It ended early or did not answer in time.
        """
        with self._lock("starting the emulator"):
            state = self.state()
            if state is EmulatorState.HEALTHY:
                return False
            self._remove_leftovers()
            if processes.is_listening(self.port):
                raise self._port_taken(processes.holder_of(self.port))
            try:
                self._launch()
            except BaseException:
                self._remove_leftovers()
                raise
            return True

    def stop(self) -> bool:
        """Stop the emulator with its Lambda workers and remove its temporary files; keep its log.

        Returns:
            False when there was nothing to stop.
        """
        if not self.folder.exists():
            return False
        with self._lock("stopping the emulator"):
            ran = self._process() is not None
            self._remove_leftovers()
            return ran

    def was_stopped(self) -> bool:
        """Return whether a command stopped our emulator, so that it did not end unexpectedly."""
        with self._lock("looking at the emulator"):
            return not self._identity_file.exists()

    @contextlib.contextmanager
    def reserved(self, doing: str) -> Iterator[None]:
        """Reserve the port for this command, which starts the product or keeps it running.

        Args:
            doing: What the command does, for the message to others.

        Raises:
            PortTakenError: Another command does.
        """
        try:
            with file_lock.hold(self.folder / "reserved.lock", doing):
                yield
        except BusyError as error:
            if error.holder is None:
                raise
            raise self._port_taken(error.holder) from error

    def _port_taken(self, holder: str) -> PortTakenError:
        return PortTakenError(
            f"Port {self.port} is taken by {holder}. "
            f"End that program, or use another port: BIGMOUTH_PORT={self.port + 1}."
        )

    def _lock(self, doing: str) -> contextlib.AbstractContextManager[int]:
        return file_lock.hold(self.folder / "lock", doing, wait=True)

    @property
    def _identity_file(self) -> Path:
        return self.folder / "process.json"

    def _process(self) -> psutil.Process | None:
        try:
            identity = ProcessIdentity.read(self._identity_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return None
        return identity.find() if identity else None

    def _launch(self) -> None:
        if not self.checkout.emulator_python.exists():
            raise EmulatorError(f"The local emulator is not installed: {self.checkout.way_to_install}.")
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + READY_DEADLINE_SECONDS
        with self.log.open("wb") as log:
            child = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env=emulator_environment.for_emulator(self.port, self.folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._child = child
        identity = ProcessIdentity.of(child.pid)
        self._identity_file.write_text(json.dumps(asdict(identity)), encoding="utf-8")
        # Another checkout's emulator may have taken the port since the check, and would answer too.
        while not (processes.session_listens(child.pid, self.port) and self._answers()):
            if child.poll() is not None:
                if processes.is_listening(self.port):
                    raise self._port_taken(processes.holder_of(self.port))
                raise EmulatorError(f"The emulator ended with code {child.returncode}:\n{self._log_tail()}")
            if time.monotonic() > deadline:
                raise EmulatorError(
                    f"The emulator did not answer within {READY_DEADLINE_SECONDS:.0f} s:\n{self._log_tail()}"
                )
            time.sleep(_POLL_SECONDS)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(
            processes.LOOPBACK, self.port, timeout=_HEALTH_TIMEOUT_SECONDS
        )
        try:
            connection.request("GET", "/_ministack/ready")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _remove_leftovers(self) -> None:
        """End all processes that use our folder for temporary files, and remove the folder."""
        temporary = self.folder / "tmp"
        leader = self._process()
        family = processes.members_of_session(leader.pid) if leader else []
        processes.end(family, grace_seconds=STOP_GRACE_SECONDS)
        stragglers = processes.processes_with_variable("TMPDIR", str(temporary))
        processes.end(stragglers, grace_seconds=STOP_GRACE_SECONDS)
        if self._child:
            self._child.wait()
        self._identity_file.unlink(missing_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)

    def _log_tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_TAIL_LINES:]
        return "\n".join([*lines, f"The whole log: {self.checkout.shown(self.log)}"])


def known_emulators(checkout: Checkout) -> list[Emulator]:
    """Return the emulators that this checkout ever started, running or not, by port."""
    folders = checkout.emulators.iterdir() if checkout.emulators.is_dir() else ()
    return [
        Emulator(checkout, port)
        for port in sorted(int(folder.name) for folder in folders if _PORT.fullmatch(folder.name))
    ]
