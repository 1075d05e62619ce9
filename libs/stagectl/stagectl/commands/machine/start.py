"""Start the whole product on this machine."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout, facts
from stagectl.commands.options import Port
from stagectl.errors import UsageError
from stagectl.stages import local_product
from stagectl.stages.auto_accept import DELAY_SECONDS
from stagectl.stages.orders import ORDERS
from stagectl.targets import target


def start(
    *,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when it is ready, and leave it running.")
    ] = False,
    auto_accept: Annotated[
        bool,
        typer.Option(
            "--auto-accept",
            help=f"Accept each order after {DELAY_SECONDS} s, as a restaurant would.",
            hidden=ORDERS not in facts.SERVICES,
        ),
    ] = False,
    port: Port = None,
) -> None:
    """Start the whole product on this machine and run until Ctrl-C.

    For example:

        npm start

        npm start -- --detach

        npm start -- --auto-accept

        stagectl start --port 4600
    """
    if auto_accept and ORDERS not in facts.SERVICES:
        raise UsageError("--auto-accept needs the service orders, which is not here.")
    if detach and auto_accept:
        raise UsageError("--auto-accept works while the command runs: leave out --detach.")
    attend = local_product.accepting_orders if auto_accept else local_product.waiting
    local_product.start(Checkout.here(), port or target.default_port(), detach=detach, attend=attend)
