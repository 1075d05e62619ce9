"""What a shell offers for the values of options and arguments.

Only files of the checkout are read, so that it is quick and quiet, and asks for no credentials.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import typer

from stagectl.checkout import Checkout, services, stage_parameters
from stagectl.checkout.routes import routes_of
from stagectl.checkout.services import Stack
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import StagectlError
from stagectl.targets.target import LOCAL_STAGE

_DEAD_LETTERS = "-dlq"
_DEFAULTS = "default"


def stages() -> list[str]:
    """Return the stages with parameters of their own, and those that were deployed from here."""
    checkout = _checkout()
    declared = stage_parameters.sections(checkout.root).keys() - {_DEFAULTS}
    worked_on = {path.name for folder in ("deployed", "logs") for path in checkout.state.glob(f"{folder}/*")}
    return [LOCAL_STAGE, *sorted((declared | worked_on) - {LOCAL_STAGE})]


def service_names() -> list[str]:
    """Return the names of the stacks."""
    return list(_stacks())


def parameters() -> list[str]:
    """Return the names of stage parameters, ready for a value."""
    return [f"{name}=" for name in stage_parameters.names(_checkout().root)]


def functions(ctx: typer.Context) -> list[str]:
    """Return the functions of the service that was written before, or of all."""
    service, _ = _written(ctx)
    return [
        function
        for stack in _stacks().values()
        if service in {None, stack.name}
        for function in stack.functions
    ]


def functions_of_services() -> list[str]:
    """Return every function as `SERVICE/FUNCTION`."""
    return [f"{stack.name}/{function}" for stack in _stacks().values() for function in stack.functions]


def routes(ctx: typer.Context) -> list[str]:
    """Return the routes of the function that was written before, or of its service."""
    service, function = _written(ctx)
    stack = _stacks().get(service or "")
    if stack is None:
        return []
    return [
        f"{one.method} {one.path}" for one in routes_of(_document(stack)) if function in {None, one.function}
    ]


def dead_letter_queues() -> list[str]:
    """Return the names of dead-letter queues, without service and stage."""
    return sorted({name for stack in _stacks().values() for name in _dead_letter_queues(stack)})


def event_types() -> list[str]:
    """Return the types of the events in the catalogue."""
    catalogue = _checkout().root / "docs" / "events.json"
    if not catalogue.is_file():
        return []
    return [event["name"] for event in json.loads(catalogue.read_text(encoding="utf-8"))["events"]]


def restaurants() -> list[str]:
    """Return the names of the demo data's restaurants."""
    script = _checkout().root / "services" / "restaurants" / "seed.py"
    if not script.is_file():
        return []
    return [
        keyword.value.value
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Restaurant"
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
        if isinstance(keyword.value.value, str)
    ]


def _checkout() -> Checkout:
    try:
        return Checkout.here()
    except StagectlError:
        return Checkout(Path.cwd())  # which holds nothing; the command itself reports it


def _written(ctx: typer.Context) -> tuple[str | None, str | None]:
    """Return the service and the function that were written before."""
    # After an option without its value, the parser leaves them among the other words.
    if ctx.params.get("service"):
        return ctx.params["service"], ctx.params.get("function")
    service, function, *_ = [*ctx.args, None, None]
    return service, function


def _stacks() -> dict[str, Stack]:
    try:
        return services.discover(_checkout().root)
    except StagectlError:
        return {}  # a shell shows no errors; the command itself reports it


def _document(stack: Stack) -> dict[str, object]:
    return load_mapping(stack.folder / "serverless.yml")


def _dead_letter_queues(stack: Stack) -> Iterator[str]:
    custom = _document(stack).get("custom")
    queues = custom.get("eventQueues") if isinstance(custom, dict) else None
    yield from (f"{name}{_DEAD_LETTERS}" for name in queues or ())
    for template in stack.folder.glob("resources/*.yml"):
        for resource in (load_mapping(template).get("Resources") or {}).values():
            name = str((resource.get("Properties") or {}).get("QueueName", ""))
            if name.endswith(_DEAD_LETTERS):
                yield name.rpartition("}-")[2]
