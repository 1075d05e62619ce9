"""Run the fault suite."""

from typing import Annotated

import typer

from devtools.testing import fault_suite
from stagectl.checkout import Checkout


def run_fault_suite(
    *,
    orders: Annotated[int, typer.Option("--orders", min=1, metavar="N", help="Number of orders.")] = 1_000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the random faults.")] = 1,
    users: Annotated[int, typer.Option("--users", min=2, metavar="N", help="Number of customers.")] = 20,
    short: Annotated[
        bool,
        typer.Option("--short", help="Run the short form instead, which is part of `npm run test:all`."),
    ] = False,
    forgetful_outbox: Annotated[
        bool,
        typer.Option(
            "--forgetful-outbox", help="Turn off the outbox's retries, to show that the suite then fails."
        ),
    ] = False,
) -> None:
    """Place orders during injected faults, and check that none was lost, duplicated or disclosed.

    Deploys a stage of its own to a fresh emulator, and removes it.

    For example:

        npm run test:faults

        npm run test:faults -- --orders 200 --seed 7
    """
    options = {"--orders": orders, "--seed": seed, "--users": users}
    arguments = [text for option in options.items() for text in map(str, option)]
    if forgetful_outbox:
        arguments.append("--forgetful-outbox")
    program = fault_suite.SHORT if short else (*fault_suite.WHOLE, *arguments)
    if not fault_suite.run(Checkout.of_this_file(), program):
        raise typer.Exit(1)
