"""Options that several commands share."""

from typing import Annotated

import typer

from stagectl.commands import completion
from stagectl.errors import UsageError
from stagectl.terminal import console, hints

MISSING_STAGE = (
    "Missing option --stage. Pass --stage local for this machine, or the name of a stage on AWS: "
    "stagectl list --aws."
)


def _known_types(context: typer.Context, types: list[str] | None) -> list[str] | None:
    """Report types that the catalogue lacks; a stage may have others."""
    known = completion.event_types() if types and not context.resilient_parsing else []
    for one in types or ():
        if known and one not in known:
            console.say(hints.unknown("event", one, known, where=" in the catalogue"))
    return types


def _required(context: typer.Context, stage: str) -> str:
    if not stage and not context.resilient_parsing:
        raise UsageError(MISSING_STAGE)
    return stage


DetailTypes = Annotated[
    list[str] | None,
    typer.Option(
        "--detail-type",
        metavar="TYPE",
        autocompletion=completion.event_types,
        callback=_known_types,
        help="Only events of this type, such as order_placed; repeatable.",
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        min=1,
        max=65535,
        help="Port of the emulator.  \\[default: BIGMOUTH_PORT or 4566]",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsJsonAnyway = Annotated[bool, typer.Option("--json", help="Print JSON, as it does without.")]
"""For commands that print nothing else, so that the option is right everywhere."""
StageName = Annotated[
    str,
    typer.Option(
        "--stage",
        "-s",
        metavar="NAME",
        autocompletion=completion.stages,
        help="Stage, or a branch, whose preview stage is used.",
    ),
]
"""For commands that read a stage, or change what is in it; their default is `local`."""
RequiredStage = Annotated[
    str,
    typer.Option(
        "--stage",
        "-s",
        metavar="NAME",
        autocompletion=completion.stages,
        callback=_required,
        show_default=False,
        help="Stage, or a branch, whose preview stage is used.  \\[required]",
    ),
]
"""For commands that deploy, configure, migrate, release, roll back or remove a stage; their default is ""."""
OnEmulator = Annotated[bool, typer.Option("--emulator", help="Use the local emulator, whatever the stage.")]
EvenProd = Annotated[bool, typer.Option("--even-prod", help="Allow it on the stage prod.")]
Services = Annotated[
    list[str] | None,
    typer.Option(
        "--service",
        metavar="NAME",
        autocompletion=completion.service_names,
        help="Only this service; repeatable.",
    ),
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, metavar="N", help="Number of stacks processed at once.")
]
Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        metavar="NAME=VALUE",
        autocompletion=completion.parameters,
        help="Stage parameter of shared-infra/params.yml; repeatable.",
    ),
]
