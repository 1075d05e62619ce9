"""The hooks that Lambda's runtime calls around a snapshot; imported only where one is taken.

What needs no renewing: `uuid4`, `secrets` and `os.urandom` ask the kernel, which Lambda seeds anew for each
restore; settings stay true, since the variables of a version never change; and values with a time limit are
kept by the wall clock, which is right after a restore, where the monotonic one need not be.
"""

from __future__ import annotations

import gc
import os
import random
import ssl
import sys
import time
from importlib import import_module
from typing import Any

from service_kit import lean_start
from service_kit.snapshots import Hooks, registered

__all__ = ["install", "prepare", "renew"]


def install() -> None:
    """Have the runtime call `prepare` before the snapshot and `renew` after each restore."""
    # Part of the runtimes that have SnapStart, so no package brings it.
    runtime: Any = import_module("snapshot_restore_py")
    runtime.register_before_snapshot(prepare)
    runtime.register_after_restore(renew)


def prepare(hooks: Hooks = registered) -> None:
    """Warm up, then let go of what no copy may have; whatever raises fails the snapshot."""
    from service_kit.invocation import logger  # noqa: PLC0415, what registers may be its import

    started = time.perf_counter()
    load_environment()
    # Making an adapter may register what it warms up in turn.
    for warm_up in hooks.warm_ups:
        warm_up()
    for release in hooks.releases:
        release()
    forget_reports()
    logger.info(
        "ready for the snapshot", milliseconds=_milliseconds_since(started), warm_ups=len(hooks.warm_ups)
    )
    flush_output()
    settle_collector()


def renew(hooks: Hooks = registered) -> None:
    """Make this copy differ from all others, and forget what has become old since the snapshot."""
    from service_kit.invocation import logger  # noqa: PLC0415, as above

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


def load_environment() -> None:
    """Read the settings that every invocation asks for, which also builds their validator."""
    from service_kit.settings import ServiceSettings, load_settings  # noqa: PLC0415, pydantic

    load_settings(ServiceSettings)


def forget_reports() -> None:
    """Drop metrics and log keys of the warm-ups: each copy would report them as its own."""
    from service_kit.invocation import logger, metrics  # noqa: PLC0415, as above

    metrics.clear_metrics()
    logger.clear_state()


def flush_output() -> None:
    """Write what is printed but not yet written: each copy would write it again."""
    sys.stdout.flush()
    sys.stderr.flush()


def settle_collector() -> None:
    """End the lean start here rather than in each copy, without what starting left behind.

    Collecting takes its time, but nobody waits for a snapshot.
    """
    gc.collect()
    lean_start.finish()


def reseed_random() -> None:
    """Seed `random` from the kernel: the copies would draw alike, as for jitter and debug sampling."""
    random.seed()


def reseed_tls() -> None:
    """Give OpenSSL entropy of this copy's own: the copies would make the same keys for their connections."""
    entropy = os.urandom(48)
    ssl.RAND_add(entropy, float(len(entropy)))


def _milliseconds_since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 3)
