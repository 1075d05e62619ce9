"""Look-up of the orders of a stage."""

from stagectl.checkout import Checkout
from stagectl.stages import lifecycle
from stagectl.stages.orders import Orders


def orders_of(raw_stage: str, *, emulator: bool) -> Orders:
    """Select a stage, enter its target, and return its orders."""
    checkout = Checkout.here()
    stage = lifecycle.find(checkout, raw_stage, use_emulator=emulator)
    lifecycle.enter_deployed(stage)
    return Orders(checkout, stage)
