"""The loopback Runtime API: hands one event to a Lambda runtime, and notes when it asked and answered."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REQUEST_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
TRACE_ID = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"
FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:cold-start"


class RuntimeApi(ThreadingHTTPServer):
    """One execution environment's Runtime API.

    Attributes:
        asked_at: When the runtime asked for its first event, in `time.perf_counter` seconds.
        answered_at: When its answer was here.
        answer: The answer, as it was sent.
        is_over: Set when there is nothing more to wait for.
    """

    daemon_threads = True

    def __init__(self, event: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Invoking)
        self.event = event
        self.asked_at: float | None = None
        self.answered_at: float | None = None
        self.answer: bytes | None = None
        self.is_over = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        """`AWS_LAMBDA_RUNTIME_API` for the runtime."""
        return f"127.0.0.1:{self.server_address[1]}"

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the runtime is killed while it waits for its second event."""


class _Invoking(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        now = time.perf_counter()
        if self.server.asked_at is not None:
            self.server.is_over.set()
            # There is no second event: the runtime waits until it is killed.
            threading.Event().wait(60)
            return
        self.server.asked_at = now
        headers = {
            "Lambda-Runtime-Aws-Request-Id": REQUEST_ID,
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 30_000),
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
            "Lambda-Runtime-Trace-Id": TRACE_ID,
            "Content-Type": "application/json",
        }
        self._reply(200, self.server.event, headers)

    def do_POST(self) -> None:
        content = self._content()
        now = time.perf_counter()
        self._reply(202, b'{"status":"OK"}', {"Content-Type": "application/json"})
        if self.server.answered_at is None:
            self.server.answered_at = now
            self.server.answer = content if self.path.endswith("/response") else b"failed: " + content
        if not self.path.endswith("/response"):
            self.server.is_over.set()

    def _content(self) -> bytes:
        if (length := self.headers.get("content-length")) is not None:
            return self.rfile.read(int(length))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _reply(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
