"""Print the logs of functions."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout, services
from stagectl.commands import completion
from stagectl.commands.options import AsJsonAnyway, OnEmulator, StageName
from stagectl.errors import UsageError
from stagectl.stages import function_logs, lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, log_lines
from stagectl.terminal.durations import parse_duration


def logs(
    service: Annotated[
        str | None,
        typer.Argument(
            autocompletion=completion.service_names, help="Service, such as orders.  \\[default: all]"
        ),
    ] = None,
    function: Annotated[
        str | None,
        typer.Argument(
            autocompletion=completion.functions, help="Function, such as place-order.  \\[default: all]"
        ),
    ] = None,
    *,
    stage: StageName = LOCAL_STAGE,
    since: Annotated[
        str, typer.Option("--since", metavar="AGE", help="Age of the oldest line: 30s, 10m, 2h or 1d.")
    ] = "10m",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print new lines until Ctrl-C.")] = False,
    pretty: Annotated[
        bool, typer.Option("--pretty", help="Print time, function, level, message and keys, not JSON.")
    ] = False,
    emulator: OnEmulator = False,
    as_json: AsJsonAnyway = False,
) -> None:
    """Print the logs of functions, each line as a JSON object with service and function.

    For example:

        stagectl logs --pretty --follow

        stagectl logs orders | jq 'select(.level == "ERROR")'

        stagectl logs orders place-order --stage dev --since 2h --follow
    """
    if pretty and as_json:
        raise UsageError("--pretty and --json exclude each other.")
    age = parse_duration(since)
    resolved = lifecycle.find(Checkout.here(), stage, use_emulator=emulator)
    stacks = services.select(resolved.stacks, [service] if service else ())
    functions = [
        (stack.name, key)
        for stack in stacks.values()
        if service or stack.functions
        for key in function_logs.choose_functions(stack, function)
    ]
    lifecycle.enter_deployed(resolved)
    for line in function_logs.read(functions, resolved.name, age=age, follow=follow):
        what = (line.written_at, f"{line.service}/{line.function}", line.text)
        if pretty:
            if shown := log_lines.pretty(*what):
                console.styled(shown)
        else:
            console.result(log_lines.as_json(*what))
