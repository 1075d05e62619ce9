"""The loopback Runtime API: hands one event to a Lambda runtime, and notes when it asked and answered."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REQUEST_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
TRACE_ID = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"
FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:cold-start"
# A function that starts from a snapshot gets its credentials here, so that none are in the snapshot.
CREDENTIALS_PATH = "/2021-04-23/credentials"
CREDENTIALS = {
    "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
    "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "Token": "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
    "Expiration": "2099-01-01T00:00:00Z",
}


@dataclass
class Served:
    """What a Runtime API saw of one start; times are in `time.perf_counter` seconds.

    Attributes:
        may_go_on: Set to let a runtime go on that is at its snapshot.
        restored_at: When it went on.
        restored_cpu_seconds: CPU time of its process until then.
        asked_at: When it asked for its first event.
        asked_cpu_seconds: CPU time of its process until then.
        answered_at: When its answer was here.
        answer: The answer, as it was sent.
        cpu_seconds: CPU time of its process until it asked for a second event.
        peak_bytes: The most memory that was resident in its process.
        is_over: Set when there is nothing more to wait for.
    """

    may_go_on: threading.Event = field(default_factory=threading.Event)
    restored_at: float = 0.0
    restored_cpu_seconds: float = 0.0
    asked_at: float | None = None
    asked_cpu_seconds: float = 0.0
    answered_at: float | None = None
    answer: bytes | None = None
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)


class RuntimeApi(ThreadingHTTPServer):
    """One execution environment's Runtime API, and its credentials; one start at a time.

    Attributes:
        served: What it saw of the start that is under way.
        pid: The process that is started.
    """

    daemon_threads = True

    def __init__(self, event: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Invoking)
        self.event = event
        self.served = Served()
        self.pid: int | None = None
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        """`AWS_LAMBDA_RUNTIME_API` for the runtime."""
        return f"127.0.0.1:{self.server_address[1]}"

    def wait(self, seconds: float) -> None:
        """Wait until the start is over, and note the peak of its memory."""
        self.served.is_over.wait(seconds)
        # `ru_maxrss` begins at that of the process that made it.
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                self.served.peak_bytes = int(line.split()[1]) * 1024

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self.server_close()

    def cpu_seconds(self) -> float:
        """Return the CPU time of all threads of the process until now."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the runtime is killed while it waits for its second event."""


class _Invoking(BaseHTTPRequestHandler):
    server: RuntimeApi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        now = time.perf_counter()
        served = self.server.served
        if self.path == CREDENTIALS_PATH:
            self._reply(200, json.dumps(CREDENTIALS).encode(), {"Content-Type": "application/json"})
            return
        if self.path.endswith("/restore/next"):
            served.may_go_on.wait(60)
            served.restored_cpu_seconds = self.server.cpu_seconds()
            served.restored_at = time.perf_counter()
            self._reply(200, b"", {})
            return
        if served.asked_at is not None:
            served.cpu_seconds = self.server.cpu_seconds()
            served.is_over.set()
            # There is no second event: the runtime waits until it is killed.
            threading.Event().wait(60)
            return
        served.asked_at = now
        served.asked_cpu_seconds = self.server.cpu_seconds()
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
        served = self.server.served
        if served.answered_at is None:
            served.answered_at = now
            served.answer = content if self.path.endswith("/response") else b"failed: " + content
        if not self.path.endswith("/response"):
            served.is_over.set()

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
