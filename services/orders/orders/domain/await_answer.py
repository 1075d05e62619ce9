"""Start to wait for the restaurant's answer to a new order."""

from datetime import timedelta
from typing import Protocol


class Waits(Protocol):
    """Starts what waits for answers."""

    def start(self, order_id: str, *, patience: timedelta) -> None:
        """Wait for an order's answer and cancel the order after that time; once for each order."""


def await_answer(waits: Waits, *, order_id: str, patience: timedelta) -> None:
    """Wait for the answer; an order that is waited for already is not waited for twice."""
    waits.start(order_id, patience=patience)
