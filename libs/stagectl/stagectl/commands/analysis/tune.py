"""Compare duration and price at each memory size."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.checkout.routes import routes_of
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.commands import completion
from stagectl.commands.options import AsJson, EvenProd, OnEmulator, Port, StageName
from stagectl.costs import power_tuning, prices, tuning_estimate
from stagectl.costs.sample_event import sample_event
from stagectl.costs.tuning import SIZES_MB, Tuning
from stagectl.errors import UsageError
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.targets import production
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, hints, json_document

MILLION = 1_000_000


def tune(
    function: Annotated[
        str,
        typer.Argument(
            metavar="FUNCTION",
            help="Key of the function in serverless.yml.",
            autocompletion=completion.functions,
        ),
    ],
    *,
    stage: StageName = LOCAL_STAGE,
    payload: Annotated[
        Path | None,
        typer.Option(
            "--payload",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="JSON file with the event; may be omitted for a plain GET.",
        ),
    ] = None,
    invocations: Annotated[
        int, typer.Option("--invocations", min=5, metavar="N", help="Invocations per memory size.")
    ] = 50,
    even_prod: EvenProd = False,
    use_emulator: OnEmulator = False,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Compare duration and price of a function at each memory size.

    On AWS, deploys the published application aws-lambda-power-tuning, runs it and always removes it. It
    invokes the function for real and changes its memory size during the run. On the emulator, a model
    estimates the figures from the handler's durations on this machine.

    For example:

        stagectl tune get-restaurants --stage dev

        stagectl tune search-restaurants --payload search.json
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=use_emulator, port=port)
    production.check_loadable(resolved.name, even_prod=even_prod)
    service = _service_of(resolved, function)
    event = _event(resolved, service, function, payload)
    lifecycle.enter_deployed(resolved)
    name = f"{resolved.stacks[service].on_stage(resolved.name)}-{function}"
    if resolved.target.is_emulator:
        configuration = aws.session().client("lambda").get_function_configuration(FunctionName=name)
        times = tuning_estimate.measure(
            checkout,
            configuration,
            resolved.target.environment,
            event,
            service=service,
            invocations=invocations,
        )
        found = tuning_estimate.estimate(name, configuration["MemorySize"], times, prices.read(), SIZES_MB)
    else:
        found = power_tuning.tune(_clients(), name, event, sizes_mb=SIZES_MB, invocations=invocations)
    if as_json:
        console.result(json_document.text(_document(found)))
    else:
        _show(found)
        definition = checkout.shown(resolved.stacks[service].folder / "serverless.yml")
        console.say(
            f"To change it, set memorySize of {function} in {definition}, with the reason as a comment."
        )


def _service_of(resolved: Stage, function: str) -> str:
    services = [name for name, stack in resolved.stacks.items() if function in stack.functions]
    if not services:
        known = sorted(key for stack in resolved.stacks.values() for key in stack.functions)
        raise UsageError(hints.unknown("function", function, known))
    return services[0]


def _event(resolved: Stage, service: str, function: str, payload: Path | None) -> Any:
    if payload is None:
        return sample_event(
            function, routes_of(load_mapping(resolved.stacks[service].folder / "serverless.yml"))
        )
    try:
        return json.loads(payload.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{payload} is not JSON: {error}.") from error


def _clients() -> power_tuning.Clients:
    session = aws.session()
    return power_tuning.Clients(
        repository=session.client("serverlessrepo"),
        cloudformation=session.client("cloudformation"),
        step_functions=session.client("stepfunctions"),
        functions=session.client("lambda"),
    )


def _show(found: Tuning) -> None:
    title = f"{found.function}, now {found.configured_mb} MB"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("MB", "ms", "USD / M"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for row in found.rows:
        notes = [
            *(["too small"] if row.fits is False else []),
            *(["cheapest"] if row == found.cheapest else []),
            *(["quickest"] if row == found.quickest else []),
            *(["configured"] if row.megabytes == found.configured_mb else []),
        ]
        table.add_row(
            f"{row.megabytes:,}", f"{row.milliseconds:,.1f}", f"{row.usd * MILLION:,.2f}", ", ".join(notes)
        )
    console.out.print(table)
    for sentence in found.method:
        console.result(f"- {sentence}")
    if found.chart:
        console.result(f"Chart: {found.chart}")


def _document(found: Tuning) -> dict[str, Any]:
    return {
        "function": found.function,
        "configuredMegabytes": found.configured_mb,
        "isEstimate": found.is_estimate,
        "cheapestMegabytes": found.cheapest.megabytes,
        "quickestMegabytes": found.quickest.megabytes,
        "rows": [
            {
                "megabytes": row.megabytes,
                "milliseconds": round(row.milliseconds, 2),
                "usd": row.usd,
                "fits": row.fits,
            }
            for row in found.rows
        ],
        "chart": found.chart,
        "method": found.method,
    }
