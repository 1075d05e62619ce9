"""One cold start: a process is made, a runtime in it asks for an event, and answers it."""

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

from benchmarks.cold_start.runtime_api import FUNCTION_ARN, RuntimeApi

_DEADLINE_SECONDS = 30.0


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
        event: Its first event, as JSON.
        is_http: Whether its answer has to say that all went well.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    event: bytes
    is_http: bool = True

    def with_variables(self, variables: Mapping[str, str]) -> "Subject":
        """Give the same with some variables more."""
        return replace(self, environment={**self.environment, **variables})


@dataclass(frozen=True)
class Start:
    """What one cold start took.

    Attributes:
        init_seconds: From making the process to its asking for the first event.
        first_response_seconds: From making the process to its first answer.
        cpu_seconds: User and system time of the process until it asked for a second event.
        peak_bytes: The most memory that was resident.
    """

    init_seconds: float
    first_response_seconds: float
    cpu_seconds: float
    peak_bytes: int


def cold_start(
    subject: Subject, *, wrapper: Sequence[str] = (), deadline_seconds: float = _DEADLINE_SECONDS
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
    environment = {**subject.environment, "AWS_LAMBDA_RUNTIME_API": api.address}
    started = time.perf_counter()
    process = subprocess.Popen(
        [*wrapper, *subject.command],
        cwd=subject.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # With this, Python may spawn the process without forking itself first.
        close_fds=False,
    )
    try:
        api.is_over.wait(deadline_seconds)
        peak_bytes = _peak_bytes(process.pid)
    finally:
        process.terminate() if wrapper else process.kill()
        output = process.stdout.read() if process.stdout else b""
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        api.close()
    _check(subject, api, output)
    assert api.asked_at is not None
    assert api.answered_at is not None
    return Start(
        init_seconds=api.asked_at - started,
        first_response_seconds=api.answered_at - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=peak_bytes,
    )


def lambda_variables(folder: Path, handler: str, function: str) -> dict[str, str]:
    """Give the variables that Lambda itself sets, with credentials, and none of this process's own."""
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


def _peak_bytes(pid: int) -> int:
    """Read the peak of the program alone: `ru_maxrss` begins at that of the process that made it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _check(subject: Subject, api: RuntimeApi, output: bytes) -> None:
    answer = api.answer or b""
    if (
        api.answered_at is None
        or answer.startswith(b"failed: ")
        or (subject.is_http and not _is_well(answer))
    ):
        said = output.decode(errors="replace")[-2000:]
        raise ColdStartFailedError(
            f"{subject.name} answered {answer.decode(errors='replace')[:500]!r}\n{said}"
        )


def _is_well(answer: bytes) -> bool:
    return json.loads(answer).get("statusCode") in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}
