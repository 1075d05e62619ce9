"""The loopback AWS in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.cold_start.trust import Trust
from support.stage import REPOSITORY


@contextmanager
def fake_aws(trust: Trust) -> Iterator[str]:
    """Run it for a block and give its URL."""
    program = [sys.executable, "-m", "benchmarks.cold_start.fake_aws", str(trust.server)]
    with subprocess.Popen(
        program, cwd=REPOSITORY / "tests-e2e", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"https://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()
