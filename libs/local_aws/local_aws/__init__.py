"""MiniStack, made as strict as AWS. What it does correctly is left unchanged.

It runs in the emulator's interpreter, so it can import nothing of the other packages.
"""

from local_aws import (
    edge_types,
    guard,
    linked_packages,
    permissions_in_use,
    questions,
    resource_types,
    rules,
    snap_start,
    waiting_invocations,
)


def install() -> None:
    """Add the missing rules to MiniStack, before it serves its first request."""
    resource_types.install()
    edge_types.install()
    snap_start.install()
    waiting_invocations.install()
    linked_packages.install()
    permissions_in_use.install()
    # After what notes: of what it makes several questions, each is noted.
    questions.install()
    rules.install()
    guard.install()
