"""List the orders of a restaurant."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.commands.stages.orders._stage_orders import orders_of
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, hints, json_document
from stagectl.terminal.json_document import shown_time


class State(StrEnum):
    """The lists that a restaurant has."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


def list_orders(
    restaurant: Annotated[
        str,
        typer.Argument(
            metavar="RESTAURANT", help="Name of the restaurant.", autocompletion=completion.restaurants
        ),
    ],
    *,
    stage: StageName = LOCAL_STAGE,
    state: Annotated[State, typer.Option("--state", help="State of the orders.")] = State.WAITING,
    cursor: Annotated[
        str | None,
        typer.Option("--cursor", metavar="CURSOR", help="Continue where the page before ended."),
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """List a restaurant's orders: waiting ones oldest first, others newest first.

    For example:

        stagectl orders list Fangtasia

        stagectl orders list "Lil' Bits" --state expired --stage dev --json
    """
    page = orders_of(stage, emulator=emulator).of_restaurant(restaurant, state, cursor)
    if as_json:
        console.result(json_document.text(page))
        return
    for order in page["orders"]:
        console.result(f"{order['orderId']}  {order['state']:<9}  {_time(order['placedAt'])}")
    if not page["orders"]:
        demo = completion.restaurants()
        hint = "" if restaurant in demo else hints.did_you_mean(restaurant, demo)
        console.say(f"{restaurant} has no {state} orders. {hint}".rstrip())
    if page["nextCursor"] is not None:
        console.say(f"There are more: --cursor {page['nextCursor']}")


def _time(text: str) -> str:
    return shown_time(datetime.fromisoformat(text))
