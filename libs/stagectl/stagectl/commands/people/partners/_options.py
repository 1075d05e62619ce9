"""Argument and look-up of the commands about partners."""

from typing import Annotated

import typer

from stagectl.commands.people._users import entered
from stagectl.people.partner_keys import PartnerKeys

PartnerName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the partner.")]


def keys_of(raw_stage: str, *, emulator: bool) -> tuple[str, PartnerKeys]:
    """Select a stage, enter its target, and return its name and the keys of its partners."""
    name = entered(raw_stage, emulator=emulator).name
    return name, PartnerKeys.of_stage(name)
