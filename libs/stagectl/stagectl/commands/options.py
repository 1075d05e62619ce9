"""Options that several commands share."""

from typing import Annotated

import typer

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
StageName = Annotated[
    str, typer.Option("--stage", "-s", metavar="NAME", help="Stage, or a branch name to make one from.")
]
OnEmulator = Annotated[bool, typer.Option("--emulator", help="Use the local emulator for any stage.")]
Services = Annotated[
    list[str] | None, typer.Option("--service", metavar="NAME", help="Only this one; repeatable.")
]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, metavar="N", help="Stacks worked on at once.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="Stage parameter for sls; repeatable."),
]
