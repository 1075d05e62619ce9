"""Start the whole product on this machine."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands.options import Port
from stagectl.stages import local_product
from stagectl.targets import target


def start(
    *,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when it is ready, and leave it running.")
    ] = False,
    port: Port = None,
) -> None:
    """Start the whole product on this machine and run until Ctrl-C.

    For example:

        npm start

        npm start -- --detach

        stagectl start --port 4600
    """
    local_product.start(Checkout.of_this_file(), port or target.default_port(), detach=detach)
