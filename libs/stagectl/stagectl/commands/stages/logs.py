"""Print the logs of a service's functions."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout, services
from stagectl.commands.options import OnEmulator, StageName
from stagectl.stages import function_logs, lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console
from stagectl.terminal.durations import parse_duration


def logs(
    service: Annotated[str, typer.Argument(help="Service, such as orders.")],
    function: Annotated[
        str | None, typer.Argument(help="Function, such as place-order.  \\[default: all]")
    ] = None,
    *,
    stage: StageName = LOCAL_STAGE,
    since: Annotated[
        str, typer.Option("--since", metavar="AGE", help="Age of the oldest line: 30s, 10m, 2h or 1d.")
    ] = "10m",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print new lines until Ctrl-C.")] = False,
    emulator: OnEmulator = False,
) -> None:
    """Print the logs of a service's functions.

    For example:

        stagectl logs orders

        stagectl logs orders place-order --stage dev --since 2h --follow
    """
    age = parse_duration(since)
    resolved = lifecycle.find(Checkout.of_this_file(), stage, use_emulator=emulator)
    stack = next(iter(services.select(resolved.stacks, [service]).values()))
    functions = function_logs.choose_functions(stack, function)
    lifecycle.enter_deployed(resolved)
    for line in function_logs.read(stack.name, functions, resolved.name, age=age, follow=follow):
        console.result(f"{line.written_at.astimezone():%H:%M:%S} {line.function} {line.text}")
