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
    str,
    typer.Option("--stage", "-s", metavar="NAME", help="Stage, or a branch, whose preview stage is used."),
]
OnEmulator = Annotated[bool, typer.Option("--emulator", help="Use the local emulator, whatever the stage.")]
EvenProd = Annotated[bool, typer.Option("--even-prod", help="Allow it on the stage prod.")]
Services = Annotated[
    list[str] | None, typer.Option("--service", metavar="NAME", help="Only this service; repeatable.")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, metavar="N", help="Number of stacks processed at once.")
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="Stage parameter, passed to sls; repeatable."),
]
