"""One start: a process is made or restored, a runtime in it asks for an event, and answers it."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from benchmarks.cold_start.runtime_api import FUNCTION_ARN, RuntimeApi, Served

DEADLINE_SECONDS = 30.0


class ColdStartFailedError(Exception):
    """A function did not answer its first event well."""


@dataclass(frozen=True)
class Subject:
    """Something to start.

    Attributes:
        name: What it is called in tables.
        command: The runtime with the handler as its last argument.
        folder: The unpacked package, which is the working directory.
        environment: All variables of the process, without the Runtime API's address.
        event: Its first event, a request over HTTP, as JSON.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    event: bytes

    def with_variables(self, variables: Mapping[str, str]) -> "Subject":
        """Return the same with some variables more."""
        return replace(self, environment={**self.environment, **variables})

    def start(self) -> "Start":
        """Make a process of it and wait for its first answer."""
        return cold_start(self)


@dataclass(frozen=True)
class Start:
    """What one start took, from making the process, or from restoring it.

    Attributes:
        init_seconds: Until it asked for the first event.
        first_response_seconds: Until its first answer.
        init_cpu_seconds: User and system time of the process until it asked for the first event.
        cpu_seconds: The same until it asked for a second event.
        peak_bytes: The most memory that was resident.
    """

    init_seconds: float
    first_response_seconds: float
    init_cpu_seconds: float
    cpu_seconds: float
    peak_bytes: int

    @property
    def after_init_seconds(self) -> float:
        """From its asking for the first event to its first answer."""
        return self.first_response_seconds - self.init_seconds

    @property
    def after_init_cpu_seconds(self) -> float:
        """CPU time from its asking for the first event on."""
        return self.cpu_seconds - self.init_cpu_seconds

    @classmethod
    def of(cls, subject: Subject, served: Served, since: float, output: BinaryIO) -> "Start":
        """Return what a start took since a time, and look at its answer.

        Args:
            subject: What was started.
            served: What its Runtime API saw.
            since: When it began, in `time.perf_counter` seconds.
            output: What it has written.

        Raises:
            ColdStartFailedError: There was no answer, or another one than it should be.
        """
        answer = served.answer or b"failed: no answer"
        if served.asked_at is None or served.answered_at is None or not _is_ok(answer):
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            raise ColdStartFailedError(
                f"{subject.name} answered {answer.decode(errors='replace')[:500]!r}\n{said}"
            )
        return cls(
            init_seconds=served.asked_at - since,
            first_response_seconds=served.answered_at - since,
            init_cpu_seconds=served.asked_cpu_seconds - served.restored_cpu_seconds,
            cpu_seconds=served.cpu_seconds - served.restored_cpu_seconds,
            peak_bytes=served.peak_bytes,
        )


def cold_start(
    subject: Subject, *, wrapper: Sequence[str] = (), deadline_seconds: float = DEADLINE_SECONDS
) -> Start:
    """Start a subject, wait for its first answer and kill it.

    Args:
        subject: What to start.
        wrapper: A program to run it under, such as valgrind. It is asked to end rather than killed.
        deadline_seconds: How long to wait for the answer.

    Raises:
        ColdStartFailedError: There was no answer, or another one than it should be.
    """
    api = RuntimeApi(subject.event)
    with tempfile.TemporaryFile() as output, closing(api):
        started = time.perf_counter()
        process = subprocess.Popen(
            [*wrapper, *subject.command],
            cwd=subject.folder,
            env={**subject.environment, "AWS_LAMBDA_RUNTIME_API": api.address},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # With this, Python may spawn the process without forking itself first.
            close_fds=False,
        )
        api.pid = process.pid
        try:
            api.wait(deadline_seconds)
        finally:
            process.terminate() if wrapper else process.kill()
            process.wait()
        return Start.of(subject, api.served, started, output)


def lambda_variables(folder: Path, handler: str, function: str) -> dict[str, str]:
    """Return the variables that Lambda itself sets, with credentials, and none of this process's own."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": handler,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_INVOKED_ARN": FUNCTION_ARN,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/05/[$LATEST]0000",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
        # The package is read-only on Lambda. Modes do not stop root from writing bytecode into it; this does.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _is_ok(answer: bytes) -> bool:
    try:
        return json.loads(answer).get("statusCode") in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}
    except ValueError:
        return False
