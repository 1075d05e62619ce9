"""The benchmarks that `stagectl bench` runs: programs of `tests-e2e/benchmarks`, one after the other.

Each is a module that takes `--quick`, says on standard error how far it is, prints its table with the
targets, and writes its result to `tests-e2e/benchmarks/results` unless it was quick.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError, UsageError
from stagectl.system.child_process import Children
from stagectl.terminal import console


@dataclass(frozen=True)
class Part:
    """One benchmark.

    Attributes:
        name: What `--only` calls it.
        module: The program.
        summary: What it measures.
    """

    name: str
    module: str
    summary: str


PARTS = (
    Part("cold-start", "benchmarks.cold_start", "spawn to first response, from the real packages"),
    Part("warm-path", "benchmarks.warm_path", "the chain around a handler, per invocation"),
    Part("growth", "benchmarks.growth", "what reading costs as the tables and the pages grow"),
)


def chosen(names: Sequence[str]) -> list[Part]:
    """Return the parts of these names, or all.

    Raises:
        UsageError: There is no part of a name.
    """
    known = {part.name: part for part in PARTS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.")
    return [part for part in PARTS if not names or part.name in names]


def run(checkout: Checkout, parts: Sequence[Part], *, quick: bool) -> None:
    """Run benchmarks; one that fails does not keep the others from running.

    Raises:
        StagectlError: Some failed; their own words were shown.
    """
    failed = [part.name for part in parts if not _run(checkout, part, quick=quick)]
    if failed:
        raise StagectlError(f"Failed: {', '.join(failed)}. What went wrong stands above.")


def _run(checkout: Checkout, part: Part, *, quick: bool) -> bool:
    console.say(f"{part.name}: {part.summary}")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(
            str(checkout.root / folder) for folder in ("tests-e2e", "libs/stagectl")
        ),
    }
    command = [str(checkout.python), "-m", part.module, *(["--quick"] if quick else [])]
    since = time.monotonic()
    completed = Children().run(command, cwd=checkout.root, environment=environment, shown=True)
    if completed.exit_code < 0:
        raise StagectlError(f"{part.name} was ended by signal {-completed.exit_code}.")
    console.say(f"{part.name}: {time.monotonic() - since:.0f} s")
    return completed.exit_code == 0
