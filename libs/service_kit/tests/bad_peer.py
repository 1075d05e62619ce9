"""A server on the loopback that accepts connections and then does not behave."""

from __future__ import annotations

import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MANNERS", "BadPeer"]

_PAUSE_SECONDS = 0.02


class BadPeer:
    """Treats each connection in the same manner, until it is closed.

    Args:
        manner: One of MANNERS.
    """

    def __init__(self, manner: str) -> None:
        self.connections = 0
        self._behave = MANNERS[manner]
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """End all connections."""
        self._closed.set()
        socket.create_connection(self._listener.getsockname()).close()
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._closed.is_set():
                connection.close()
                return
            self.connections += 1
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65_536)
                self._behave(connection, self._closed)
            except OSError:
                return


def _say_nothing(_: socket.socket, closed: threading.Event) -> None:
    closed.wait(30)


def _trickle(connection: socket.socket, closed: threading.Event, begin: bytes, rest: bytes) -> None:
    """Send a byte now and then, so that no read of the other side ever times out."""
    connection.sendall(begin)
    while not closed.wait(_PAUSE_SECONDS):
        connection.sendall(rest)


def _trickle_headers(connection: socket.socket, closed: threading.Event) -> None:
    _trickle(connection, closed, b"HTTP/1.1 200 OK\r\nx-slow: ", b"a")


def _trickle_body(connection: socket.socket, closed: threading.Event) -> None:
    _trickle(connection, closed, b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", b" ")


def _send_chunks_for_ever(connection: socket.socket, closed: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while not closed.is_set():
        connection.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")


def _send_huge_headers(connection: socket.socket, closed: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not closed.is_set():
        connection.sendall(b"x-more: " + b"a" * 70_000 + b"\r\n")


def _reset(connection: socket.socket, _: threading.Event) -> None:
    # Closing without lingering sends a reset.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _hang_up(_: socket.socket, __: threading.Event) -> None:
    time.sleep(0)


MANNERS: dict[str, Callable[[socket.socket, threading.Event], None]] = {
    "silent": _say_nothing,
    "trickling headers": _trickle_headers,
    "trickling body": _trickle_body,
    "endless body": _send_chunks_for_ever,
    "huge headers": _send_huge_headers,
    "resetting": _reset,
    "hanging up": _hang_up,
}
