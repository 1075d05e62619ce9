"""Answer an order."""

from typing import Annotated

import typer

from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.stages.orders._stage_orders import orders_of
from stagectl.stages.orders import Action
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document

OrderId = Annotated[str, typer.Argument(metavar="ORDER_ID", help="Id of the order.")]


def accept(
    order_id: OrderId,
    *,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Accept an order. Accepting it again changes nothing; exits with 1 when it has another answer.

    For example:

        stagectl orders accept 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c

        stagectl orders accept 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c --stage dev --json
    """
    _answer("accept", order_id, stage, emulator=emulator, as_json=as_json)


def reject(
    order_id: OrderId,
    *,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Reject an order. Rejecting it again changes nothing; exits with 1 when it has another answer.

    For example:

        stagectl orders reject 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c

        stagectl orders reject 0b8f7a52-3f2c-5d0e-9c39-4d5e1f6a7b8c --stage dev --json
    """
    _answer("reject", order_id, stage, emulator=emulator, as_json=as_json)


def _answer(action: Action, order_id: str, stage: str, *, emulator: bool, as_json: bool) -> None:
    order = orders_of(stage, emulator=emulator).answer(order_id, action)
    if as_json:
        console.result(json_document.text(order))
    else:
        console.result(f"Order {order['orderId']} of {order['restaurantName']} is {order['state']}.")
