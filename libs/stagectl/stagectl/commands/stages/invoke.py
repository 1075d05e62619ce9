"""Invoke one function."""

import base64
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from stagectl import aws
from stagectl.checkout import Checkout, services
from stagectl.checkout.routes import routes_of
from stagectl.checkout.services import Stack
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.commands import completion
from stagectl.commands.options import AsJsonAnyway, OnEmulator, StageName
from stagectl.errors import StagectlError, UsageError
from stagectl.invocation import in_process
from stagectl.invocation.examples import Examples
from stagectl.invocation.requests import CALLERS, Request, event_of
from stagectl.releases.live import ALIAS, LiveAliases
from stagectl.stages import function_logs, lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console

DEBUG_PORT = 5678


def invoke(
    service: Annotated[
        str, typer.Argument(help="Service, such as orders.", autocompletion=completion.service_names)
    ],
    function: Annotated[
        str, typer.Argument(help="Function, such as place-order.", autocompletion=completion.functions)
    ],
    *,
    event: Annotated[
        Path | None,
        typer.Option("--event", metavar="FILE", help="JSON file with the event; - for standard input."),
    ] = None,
    route: Annotated[
        str | None,
        typer.Option(
            "--route",
            metavar="REQUEST",
            autocompletion=completion.routes,
            help="Method and path in place of an event: 'POST /orders'.",
        ),
    ] = None,
    caller: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="WHO",
            autocompletion=lambda: list(CALLERS),
            help=f"With --route, who calls: {', '.join(CALLERS)}.",
        ),
    ] = "",
    body: Annotated[
        str | None,
        typer.Option(
            "--body", metavar="JSON", help="With --route.  \\[default: an example from the contract]"
        ),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Wait for a debugger before the handler is imported.")
    ] = False,
    debug_port: Annotated[
        int, typer.Option("--debug-port", metavar="N", min=1, max=65535, help="Where to wait for it.")
    ] = DEBUG_PORT,
    remote: Annotated[bool, typer.Option("--remote", help="Invoke the deployed function instead.")] = False,
    own_permissions: Annotated[
        bool, typer.Option("--own-permissions", help="Use your permissions, not those of the function.")
    ] = False,
    stage: StageName = LOCAL_STAGE,
    emulator: OnEmulator = False,
    _as_json: AsJsonAnyway = False,
) -> None:
    """Invoke one function: from this checkout, with the environment and the role of the deployed one.

    Without --event and --route, a function that consumes an event gets the example of the event catalogue.
    A breakpoint() in the code asks on this terminal. The result goes to standard output, logs to standard
    error.

    For example:

        stagectl invoke orders place-order --route 'POST /orders' --as customer

        stagectl invoke orders accept-order --route 'POST /orders/ORDER_ID/accept' --as staff --debug

        stagectl invoke notifications notify-customer --remote --stage dev
    """
    if event is not None and (route is not None or body is not None):
        raise UsageError("--event excludes --route and --body.")
    if remote and debug:
        raise UsageError("--debug runs the handler here: leave out --remote.")
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    stack = next(iter(services.select(resolved.stacks, [service]).values()))
    (key,) = function_logs.choose_functions(stack, function)
    given = _event(checkout, stack, key, event, None if route is None else Request(route, caller, body))
    lifecycle.enter_deployed(resolved)
    deployed = stack.on_stage(resolved.name)
    if remote:
        result = _invoke_deployed(deployed, f"{deployed}-{key}", given)
    else:
        if debug:
            console.say(f"Waiting for a debugger on 127.0.0.1:{debug_port}")
        result = in_process.invoke(
            checkout,
            resolved,
            stack,
            key,
            given,
            debug_port=debug_port if debug else None,
            is_own_role=not own_permissions,
        )
    console.result(json.dumps(result, indent=2, ensure_ascii=False))


def _event(
    checkout: Checkout, stack: Stack, function: str, file: Path | None, request: Request | None
) -> dict[str, Any]:
    if file is not None:
        return _read(file)
    examples = Examples(checkout.root)
    routes = [
        one for one in routes_of(load_mapping(stack.folder / "serverless.yml")) if one.function == function
    ]
    if request is None:
        if routes:
            raise UsageError(
                f"Pass a request: --route '{routes[0].method} {routes[0].path}', or --event FILE."
            )
        return examples.of_consumer(stack.name, function)
    contract = stack.folder / "openapi.json"
    document = json.loads(contract.read_text(encoding="utf-8")) if contract.is_file() else {"paths": {}}
    return event_of(request, routes, function, document, examples)


def _read(file: Path) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        event = json.loads(text)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise UsageError(f"{file} is not JSON: {error}.") from None
    if not isinstance(event, dict):
        raise UsageError(f"{file} must hold a JSON object.")
    return event


def _invoke_deployed(stack: str, name: str, event: dict[str, Any]) -> Any:
    in_process.configuration_of(name)
    client = aws.session().client("lambda")
    is_released = any(one.name == name for one in LiveAliases.of_entered_target().of_stack(stack))
    qualifier: dict[str, Any] = {"Qualifier": ALIAS} if is_released else {}
    answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode(), LogType="Tail", **qualifier)
    console.say(base64.b64decode(answer.get("LogResult", "")).decode("utf-8", "replace").rstrip())
    result = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError"):
        raise StagectlError(f"{name} failed: {json.dumps(result, ensure_ascii=False)}")
    return result
