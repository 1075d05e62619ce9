"""Report on a stage in Markdown."""

import json
from pathlib import Path
from typing import Annotated

import typer

from stagectl import aws
from stagectl.checkout import Checkout, changed_files
from stagectl.commands.options import OnEmulator, StageName
from stagectl.stacks import published
from stagectl.stacks.stack_reader import StackReader
from stagectl.stages import lifecycle, suite_outcomes
from stagectl.stages.stage_report import StageReport
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console


def report(
    *,
    stage: StageName = LOCAL_STAGE,
    tests: Annotated[
        list[Path] | None,
        typer.Option(
            "--test-results", metavar="PATH", help="JUnit file, or a folder of JUnit files; repeatable."
        ),
    ] = None,
    cost: Annotated[
        Path | None, typer.Option("--cost", metavar="FILE", help="Output of `stagectl cost --json`.")
    ] = None,
    changed_since: Annotated[
        str | None,
        typer.Option("--changed-since", metavar="REF", help="Commit that changed files are compared with."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="STAGE", help="Stage whose services are used for those not deployed."),
    ] = None,
    run_url: Annotated[
        str, typer.Option("--run-url", metavar="URL", help="URL of the run, for a link.")
    ] = "",
    emulator: OnEmulator = False,
) -> None:
    """Report on a stage in Markdown: URLs, deployed stacks and why, test results, cost.

    A partly deployed or missing stage is reported as such.

    For example:

        stagectl report --stage dev

        stagectl report --stage feature/new-menu --changed-since origin/main --base dev > comment.md
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    changed = changed_files.by_stack(checkout, resolved.stacks, changed_since) if changed_since else None
    outcomes = suite_outcomes.read(tests or ())
    lifecycle.enter_existing(resolved)
    reader = StackReader(aws.session().client("cloudformation"))
    deployed = {
        service: status
        for service, stack in resolved.stacks.items()
        if (status := reader.find(stack.on_stage(resolved.name)))
    }
    page = StageReport(
        stage=resolved.name,
        services=list(resolved.stacks),
        deployed=deployed,
        causes={
            service: cause
            for service, stack in deployed.items()
            if stack.is_broken and (cause := reader.first_failure(stack.name))
        },
        urls=published.service_urls(resolved.name, resolved.stacks.values()),
        base=base,
        changed=changed,
        changed_since=changed_since or "",
        tests=outcomes,
        cost=_cost_line(cost) if cost else "",
        run_url=run_url,
    )
    console.result(page.markdown().removesuffix("\n"))


def _cost_line(file: Path) -> str:
    """Return the cost that `stagectl cost --json` estimated, empty when there is none."""
    try:
        estimate = json.loads(file.read_text(encoding="utf-8"))
        kept = f"{estimate['days']:g} days with " if "days" in estimate else ""
        orders = f"{kept}{estimate['orders']:,} orders"
        return f"USD {estimate['usd']:.2f} for {orders}, prices of {estimate['pricesOf']}"
    except (OSError, ValueError, TypeError, KeyError):
        return ""
