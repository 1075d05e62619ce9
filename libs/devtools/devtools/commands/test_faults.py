"""Run the fault suite."""

from typing import Annotated

import typer

from devtools.testing import fault_suite
from stagectl.checkout import Checkout


def run_fault_suite(
    *,
    orders: Annotated[int, typer.Option("--orders", min=1, metavar="N", help="How many orders.")] = 1_000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Decides which calls fail.")] = 1,
    users: Annotated[int, typer.Option("--users", min=2, metavar="N", help="How many people order.")] = 20,
    forgetful_outbox: Annotated[
        bool,
        typer.Option(
            "--forgetful-outbox", help="Let the outbox try nothing again: see orders get lost, and it fail."
        ),
    ] = False,
) -> None:
    """Order while things break, heal them, and see that no order was lost, doubled or seen by a stranger.

    Brings up a stage of its own on a fresh emulator, and takes it down again.

    For example:

        npm run test:faults

        npm run test:faults -- --orders 200 --seed 7
    """
    options = {"--orders": orders, "--seed": seed, "--users": users}
    arguments = [text for option in options.items() for text in map(str, option)]
    if forgetful_outbox:
        arguments.append("--forgetful-outbox")
    if not fault_suite.run(Checkout.of_this_file(), arguments):
        raise typer.Exit(1)
