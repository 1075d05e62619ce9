"""The processes that run the stage's Lambdas: the emulator's workers, its children."""

import contextlib
import os

import psutil


class NoEmulatorError(Exception):
    """No program of this machine listens on the emulator's port."""


class Workers:
    """Finds the worker behind an SDK call, and kills it as a failing host would: at once.

    Args:
        emulator_port: Where the emulator listens.
    """

    def __init__(self, emulator_port: int) -> None:
        self._emulator = psutil.Process(_listener(emulator_port))

    def kill(self, client_port: int) -> bool:
        """Kill the worker that a connection comes from; it is in the middle of an invocation.

        Args:
            client_port: The worker's own port of the connection.

        Returns:
            False when there is no such worker any more.
        """
        workers = {worker.pid: worker for worker in self._emulator.children()}
        # Once for all: a look at each worker's own connections reads the table of all connections each time.
        for connection in psutil.net_connections("tcp"):
            worker = workers.get(connection.pid or 0)
            if worker and _port(connection.laddr) == client_port:
                with contextlib.suppress(psutil.Error):
                    worker.kill()
                    return True
        return False


def _listener(port: int) -> int:
    # The process that shows in a test's environment is not enough: only the one that listens has the workers.
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and _port(connection.laddr) == port and connection.pid:
            if connection.pid == os.getpid():
                break
            return connection.pid
    raise NoEmulatorError(f"No program listens on port {port} of this machine.")


def _port(address: object) -> int | None:
    return getattr(address, "port", None)
