"""Lambda SnapStart: what a function releases before its snapshot, and renews after each restore.

A published version is started once; every execution environment of it starts from a copy of that memory,
perhaps weeks later. What a function makes at its start (`service_kit.startup`) is in every copy.

What needs no renewing: `uuid4`, `secrets` and `os.urandom` ask the kernel, which Lambda seeds again for each
restore; botocore refreshes credentials that have expired; settings stay true, since the variables of a
version never change; and values with a time limit are kept by the wall clock, which is right after a restore,
where the monotonic one need not be.
"""

from __future__ import annotations

import gc
import os
import random
import ssl
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from service_kit import startup
from service_kit.invocation import logger, metrics

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Hooks", "after_restore", "are_taken", "before_snapshot", "prepare", "registered", "renew"]

Hook: TypeAlias = "Callable[[], object]"


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is to be called, each list in the order of registration.

    Attributes:
        releases: Before the snapshot; they release what no copy may have.
        renewals: After each restore, before the first event.
    """

    releases: list[Hook] = field(default_factory=list)
    renewals: list[Hook] = field(default_factory=list)


registered = Hooks()


def are_taken() -> bool:
    """Return whether this process is started for a snapshot."""
    return os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"


def before_snapshot(*hooks: Hook) -> None:
    """Call these before the snapshot is taken, to release what it must not hold.

    One that raises makes publishing the version fail, and with it the deployment.

    Args:
        hooks: Called without arguments; what they return is ignored.
    """
    _register(registered.releases, hooks)


def after_restore(*hooks: Hook) -> None:
    """Call these after each restore; they are short, since the first caller waits for them."""
    _register(registered.renewals, hooks)


def prepare(hooks: Hooks = registered) -> None:
    """Release what no copy may have; whatever raises fails the snapshot."""
    started = time.perf_counter()
    for release in hooks.releases:
        release()
    forget_reports()
    logger.info(
        "ready for the snapshot", milliseconds=_milliseconds_since(started), warm_ups=len(startup.made)
    )
    flush_output()
    # Collecting takes its time, but nobody waits for a snapshot.
    gc.collect()
    startup.end_start()


def renew(hooks: Hooks = registered) -> None:
    """Make this copy differ from all others, and forget what has become old since the snapshot."""
    started = time.perf_counter()
    reseed_random()
    reseed_tls()
    for renewal in hooks.renewals:
        renewal()
    logger.info(
        "restored from the snapshot",
        milliseconds=_milliseconds_since(started),
        renewals=len(hooks.renewals),
    )


def forget_reports() -> None:
    """Drop metrics and log keys of the start: each copy would report them as its own."""
    metrics.clear_metrics()
    logger.clear_state()


def flush_output() -> None:
    """Write what is printed but not yet written: each copy would write it again."""
    sys.stdout.flush()
    sys.stderr.flush()


def reseed_random() -> None:
    """Seed `random` from the kernel: the copies would draw alike, as for jitter and debug sampling."""
    random.seed()


def reseed_tls() -> None:
    """Give OpenSSL entropy of this copy's own: the copies would make the same keys for their connections."""
    entropy = os.urandom(48)
    ssl.RAND_add(entropy, float(len(entropy)))


def install() -> None:
    """Have Lambda's runtime call `prepare` before the snapshot and `renew` after each restore."""
    # Part of the runtimes that have SnapStart, so no package brings it.
    runtime: Any = import_module("snapshot_restore_py")
    runtime.register_before_snapshot(prepare)
    runtime.register_after_restore(renew)


def _register(into: list[Hook], hooks: tuple[Hook, ...]) -> None:
    if not are_taken():
        return
    is_first = not (registered.releases or registered.renewals)
    into.extend(hooks)
    if is_first:
        install()


def _milliseconds_since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 3)
