"""Run the load test."""

from pathlib import Path
from typing import Annotated

import typer

from devtools.testing import load_test
from stagectl.checkout import Checkout
from stagectl.commands.options import EvenProd, OnEmulator, Port, StageName
from stagectl.stages import lifecycle
from stagectl.targets import production
from stagectl.targets.target import LOCAL_STAGE


def load(
    *,
    stage: StageName = LOCAL_STAGE,
    users: Annotated[
        int, typer.Option("--users", min=1, metavar="N", help="Concurrent customers in the last step.")
    ] = 20,
    steps: Annotated[
        int, typer.Option("--steps", min=1, metavar="N", help="Number of steps of the ramp.")
    ] = 5,
    seconds: Annotated[
        int, typer.Option("--seconds", min=1, metavar="N", help="Duration of each step, in seconds.")
    ] = 20,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write all figures to this file, as JSON.")
    ] = None,
    even_prod: EvenProd = False,
    use_emulator: OnEmulator = False,
    port: Port = None,
) -> None:
    """Run a growing number of customers against a stage, and check its service levels.

    Customers browse, sign in, search, order and follow their orders. service-levels.yml of each service sets
    the levels. Exits with 1 when they are missed; on the emulator, only when the first step misses them.
    Accounts are created for the run and removed; orders remain.

    For example:

        npm run load -- --stage dev --users 200 --steps 10 --seconds 60

        npm run load
    """
    checkout = Checkout.of_this_file()
    found = lifecycle.find(checkout, stage, use_emulator=use_emulator, port=port)
    production.check_loadable(found.name, even_prod=even_prod)
    lifecycle.enter_deployed(found)
    options = {"--users": users, "--steps": steps, "--seconds": seconds}
    arguments = [text for option in options.items() for text in map(str, option)]
    if output is not None:
        arguments += ["--output", str(output.absolute())]
    if even_prod:
        arguments.append("--even-prod")
    if not load_test.run(checkout, found, arguments):
        raise typer.Exit(1)
