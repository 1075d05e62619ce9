"""Deploy a stage."""

from typing import Annotated, Any

import typer
from rich.table import Table

from stagectl.checkout import Checkout, changed_files
from stagectl.commands import completion
from stagectl.commands.options import MISSING_STAGE, AsJson, Jobs, OnEmulator, Parameters, Services
from stagectl.deployment import partial_preview
from stagectl.deployment import seed as seeding
from stagectl.errors import UsageError
from stagectl.stages import lifecycle
from stagectl.stages.lifecycle import Timings
from stagectl.targets import preview_name, provenance
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import parse_duration
from stagectl.terminal.outside_text import UNKNOWN


def up(
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="NAME",
            autocompletion=completion.stages,
            help="Stage, or a branch, whose preview stage is used.  "
            "\\[required; default with --base: this branch's]",
        ),
    ] = None,
    service: Services = None,
    changed_since: Annotated[
        str | None,
        typer.Option(
            "--changed-since", metavar="REF", help="With --base: the commit that the base stage runs."
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="STAGE",
            autocompletion=completion.stages,
            help="Deploy only changed services, and use the others of this stage.",
        ),
    ] = None,
    param: Parameters = None,
    jobs: Jobs = None,
    seed: Annotated[
        bool | None,
        typer.Option("--seed/--no-seed", help="Load demo data.  \\[default: only on an emulator]"),
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Print the duration of each part.")] = False,
    time_to_live: Annotated[
        str,
        typer.Option("--ttl", metavar="AGE", help="Age at which the stage expires and `reap` removes it."),
    ] = "3d",
    force: Annotated[bool, typer.Option("--force", help="Also deploy unchanged stacks.")] = False,
    forward_only: Annotated[
        bool,
        typer.Option("--forward-only", help="Refuse when the stage runs a newer commit than this checkout."),
    ] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Deploy the stacks of a stage in the order of their dependencies, and create missing secrets.

    Independent stacks deploy at once. Safe to repeat: unchanged stacks are skipped.

    With --base and --changed-since, deploys a partial preview: the services that differ from the commit, and
    shared-infra, since each stage has its own event bus. Other services are those of the base stage; they are
    not changed and do not receive the preview's events.

    For example:

        stagectl up --stage local

        stagectl up --stage dev --service orders

        stagectl up --stage feature/new-menu --param ssmStage=dev

        stagectl up --changed-since origin/main --base dev
    """
    checkout = Checkout.here()
    if (base is None) != (changed_since is None):
        raise UsageError(
            "--base and --changed-since go together: pass both, the base stage and the commit that it runs."
        )
    if base is not None and service:
        raise UsageError(
            "--service and --base exclude each other: with --base, the changed services are deployed."
        )
    if stage is None and base is None:
        raise UsageError(MISSING_STAGE)
    resolved = lifecycle.find(
        checkout,
        stage or _preview_of_checkout(checkout),
        use_emulator=emulator or base == LOCAL_STAGE,
        only=service or (),
        parameters=param or (),
    )
    partial = None
    if base is not None and changed_since is not None:
        changed = changed_files.by_stack(checkout, resolved.stacks, changed_since)
        partial = partial_preview.PartialPreview(base, changed, changed_since)
    is_seeded = resolved.target.is_emulator if seed is None else seed
    timings_taken = lifecycle.bring_up(
        checkout,
        resolved,
        parameters=param or (),
        jobs=jobs,
        seeding=is_seeded,
        time_to_live=parse_duration(time_to_live),
        partial=partial,
        force=force,
        forward_only=forward_only,
    )
    if as_json:
        console.result(json_document.text(_document(resolved.name, timings_taken)))
        return
    if is_seeded:
        seeding.show_sign_ins(checkout, resolved.name, resolved.target)
    if timings:
        _show(timings_taken)


def _preview_of_checkout(checkout: Checkout) -> str:
    branch = provenance.branch(checkout.root)
    if branch == UNKNOWN:
        raise UsageError("This checkout is on no branch: pass --stage.")
    return preview_name.of_branch(branch)


def _document(stage: str, timings: Timings) -> dict[str, Any]:
    deployment = timings.deployment
    return {
        "stage": stage,
        "stacks": {
            name: {"outcome": outcome, "seconds": round(deployment.seconds[name], 1)}
            for name, outcome in deployment.outcomes.items()
        },
        "seconds": round(timings.total_seconds, 1),
        "isSeeded": timings.seed_seconds is not None,
    }


def _show(timings: Timings) -> None:
    """Print to standard output how long each part of the deployment took."""
    table = Table("part", "outcome", "seconds", box=None, pad_edge=False)
    if timings.emulator_seconds is not None:
        table.add_row("emulator", "", f"{timings.emulator_seconds:.1f}")
    deployment = timings.deployment
    for name, outcome in deployment.outcomes.items():
        table.add_row(name, outcome, f"{deployment.seconds[name]:.1f}")
    table.add_row("all stacks", "", f"{deployment.total_seconds:.1f}")
    if timings.seed_seconds is not None:
        table.add_row("seed", "", f"{timings.seed_seconds:.1f}")
    table.add_row("total", "", f"{timings.total_seconds:.1f}")
    console.out.print(table)
