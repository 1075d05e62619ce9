"""Lambda SnapStart: what a function prepares for its snapshot, and what it renews after each restore.

A published version is started once; every execution environment of it goes on from a copy of that memory,
perhaps weeks later. Anything registered here is remembered only in a function that is started for a snapshot:
elsewhere registering does nothing and imports nothing. The runtime's side is `service_kit.snapshot_runtime`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Hooks", "after_restore", "are_taken", "before_snapshot", "registered"]

Hook: TypeAlias = "Callable[[], object]"


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is to be called, each list in the order of registration.

    Attributes:
        warm_ups: Before the snapshot; what they make is in every copy of it.
        releases: Before the snapshot as well, after all warm-ups: they let go of what no copy may have.
        renewals: After each restore, before the first event.
    """

    warm_ups: list[Hook] = field(default_factory=list)
    releases: list[Hook] = field(default_factory=list)
    renewals: list[Hook] = field(default_factory=list)


registered = Hooks()


def are_taken() -> bool:
    """Tell whether this process is started for a snapshot."""
    return os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"


def before_snapshot(*hooks: Hook, last: bool = False) -> None:
    """Call these before the snapshot is taken, such as the functions of `wiring` that a handler uses.

    One that raises makes publishing the version fail, and with it the deployment.

    Args:
        hooks: Called without arguments; what they return is ignored.
        last: Whether they come after all others, to release what a snapshot must not hold.
    """
    _register(registered.releases if last else registered.warm_ups, hooks)


def after_restore(*hooks: Hook) -> None:
    """Call these after each restore; they are short, since the first caller waits for them."""
    _register(registered.renewals, hooks)


def _register(into: list[Hook], hooks: tuple[Hook, ...]) -> None:
    if not are_taken():
        return
    is_first = not (registered.warm_ups or registered.releases or registered.renewals)
    into.extend(hooks)
    if is_first:
        from service_kit.snapshot_runtime import install  # noqa: PLC0415, only for a snapshot

        install()
