"""Lock the packages of others again."""

from typing import Annotated

import typer

from devtools.supply_chain import locks
from stagectl.checkout import Checkout
from stagectl.system.child_process import Children
from stagectl.terminal import console


def lock(
    packages: Annotated[
        list[str] | None, typer.Argument(metavar="[PACKAGE]...", help="Upgrade only these Python packages.")
    ] = None,
    *,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Upgrade everything to the newest versions of a week ago.")
    ] = False,
) -> None:
    """Lock all Python and Node packages again, after a change of requirements or to upgrade them.

    Versions stay where they can. Every lock keeps its hashes, and no version is younger than its head allows.
    Renovate does the same weekly.

    For example:

        stagectl lock

        stagectl lock boto3 botocore

        stagectl lock --upgrade
    """
    checkout, children = Checkout.of_this_file(), Children()
    for path in locks.commands(checkout, children):
        changed = locks.renew(checkout, children, path, upgrade=upgrade, packages=packages or ())
        console.say(f"  {'changed' if changed else 'same':<8} {path}")
    changed = locks.renew_node(checkout, children, upgrade=upgrade)
    console.say(f"  {'changed' if changed else 'same':<8} {locks.NODE_LOCK}")
