"""Options and look-ups of the commands about users."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.people.user_pool import User
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle

Who = Annotated[str, typer.Argument(metavar="USER", help="E-mail address, user id or user name.")]
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="E-mail address, known to be theirs.")]
GivenName = Annotated[str, typer.Option("--given-name", metavar="NAME", help="First name.")]
FamilyName = Annotated[str, typer.Option("--family-name", metavar="NAME", help="Last name.")]
Groups = Annotated[
    list[str] | None, typer.Option("--group", metavar="NAME", help="Make them a member; repeatable.")
]


def entered(raw_stage: str, *, emulator: bool) -> Stage:
    """Select a stage, enter its target and return it."""
    stage = lifecycle.find(Checkout.here(), raw_stage, use_emulator=emulator)
    lifecycle.enter_deployed(stage)
    return stage


def shown(user: User) -> str:
    """Return how a user is called in a message."""
    return f"{user.email or user.username} ({user.user_id})"
