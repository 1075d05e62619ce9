"""Start the whole product and serve what is saved."""

from stagectl.checkout import Checkout
from stagectl.commands.options import Port
from stagectl.stages import local_product
from stagectl.targets import target


def dev(*, port: Port = None) -> None:
    """Start the whole product on this machine and serve each saved change until Ctrl-C.

    Python files replace the code of the functions that they belong to. Open pages reload. A changed template,
    or a stage parameter, deploys its service. Code with a syntax or import error replaces nothing.

    For example:

        stagectl dev

        stagectl dev --port 4600
    """
    from stagectl.watching import session  # noqa: PLC0415 - brings httpx

    local_product.start(Checkout.here(), port or target.default_port(), attend=session.serving_changes)
