"""An update of a function lets running invocations end with the code before; later ones get the new code.

MiniStack ends the environments of the former, so whatever a page loads while code is replaced fails. A
request from before the update that starts an environment after it keeps the code before there for good.

https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

Kill = Callable[[Iterable[Any]], None]
Release = Callable[[Any], None]
Acquire = Callable[..., tuple[Any, str]]

_RETIRED = "is_retired"


def install() -> None:
    """End a replaced environment when its invocation has ended, and start others with the current code."""
    kill = lambda_runtime.kill_workers
    lambda_runtime.kill_workers = sparing_busy_ones(kill)
    lambda_svc.acquire_worker = with_current_code(lambda_svc.acquire_worker)
    lambda_svc.release_worker = ending_retired_ones(lambda_svc.release_worker, kill)


def sparing_busy_ones(kill: Kill) -> Kill:
    """Retire workers in which an invocation runs, and kill the others."""

    @wraps(kill)
    def operation(workers: Iterable[Any]) -> None:
        idle = []
        # A worker is released under the same lock.
        with lambda_runtime._lock:
            for worker in workers:
                if worker is not None and worker.in_use and (worker._lock.locked() or not worker._proc):
                    setattr(worker, _RETIRED, True)
                else:
                    idle.append(worker)
        kill(idle)

    return operation


def with_current_code(acquire: Acquire) -> Acquire:
    """Give a worker that is about to start what the function has now, not what it had at the request."""

    @wraps(acquire)
    def operation(
        name: str, config: dict[str, Any], code: bytes, qualifier: str = "$LATEST", **further: Any
    ) -> tuple[Any, str]:
        worker, how = acquire(name, config, code, qualifier=qualifier, **further)
        current = lambda_svc._functions.get(name)
        if how == "spawn" and qualifier == "$LATEST" and current:
            worker.code_zip = current["code_zip"]
            worker.config = {**current["config"], "FunctionArn": config["FunctionArn"]}
        return worker, how

    return operation


def ending_retired_ones(release: Release, kill: Kill) -> Release:
    """Kill a worker that was retired while its invocation ran."""

    @wraps(release)
    def operation(worker: Any) -> None:
        release(worker)
        if getattr(worker, _RETIRED, False):
            kill([worker])

    return operation
