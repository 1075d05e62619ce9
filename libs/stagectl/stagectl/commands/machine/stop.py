"""Stop the product on this machine."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands.options import Port
from stagectl.errors import UsageError
from stagectl.stages import local_product
from stagectl.targets import target
from stagectl.terminal import console


def stop(
    *,
    port: Port = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Stop the emulators of this checkout on all ports.")
    ] = False,
) -> None:
    """Stop the product that `start` started. No process and no temporary file is left.

    For example:

        npm stop

        stagectl stop --all
    """
    if everything and port is not None:
        raise UsageError("--all and --port exclude each other.")
    ports = None if everything else [port or target.default_port()]
    stopped = local_product.stop(Checkout.here(), ports)
    if stopped:
        console.say(f"Stopped the emulator on port {', '.join(map(str, stopped))}.")
    else:
        console.say(
            "Nothing to stop."
            if ports is None
            else f"Nothing to stop: no emulator of this checkout runs on port {ports[0]}."
        )
