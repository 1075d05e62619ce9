"""Commands that the workflows in .github/ are made of; people can call them as well."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from stagectl import aws
from stagectl.checkout import Checkout, changed_files, services
from stagectl.checkout.services import Stack
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.errors import UsageError
from stagectl.stacks import deployed_stacks, published, stage_secrets
from stagectl.stacks.stack_states import StackStates
from stagectl.stages import lifecycle, smoke, suite_outcomes
from stagectl.stages.stage_report import StageReport
from stagectl.targets import preview_branches, preview_name
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command("services", rich_help_panel="Sources")(list_services)
    app.command("stage-name", rich_help_panel="Delivery")(name_stage)
    app.command("report", rich_help_panel="Delivery")(report)
    app.command("smoke", rich_help_panel="Delivery")(check)


def list_services(*, as_json: AsJson = False) -> None:
    """List the stacks, what each waits for, and the waves in which they can deploy.

    For example:

        stagectl services

        stagectl services --json
    """
    checkout = Checkout.of_this_file()
    stacks = services.discover(checkout.root)
    documents = [
        _document(checkout, stacks[name], number)
        for number, wave in enumerate(services.waves(stacks.values()), start=1)
        for name in wave
    ]
    if as_json:
        console.result(json_document.text(documents))
        return
    for document in documents:
        needs = ", ".join(document["dependencies"])
        console.result(
            f"{document['wave']}  {document['name']:<14}{f' after {needs}' if needs else ''}".rstrip()
        )


def name_stage(
    branch: Annotated[str, typer.Argument(help="Branch, as git calls it.")],
    *,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="PATTERNS", help="Print nothing unless one of these fits the branch."),
    ] = None,
    but: Annotated[
        str | None,
        typer.Option("--except", metavar="PATTERNS", help="Print nothing when one of these fits the branch."),
    ] = None,
) -> None:
    """Print the name of a branch's preview stage.

    In patterns, `*` stands for anything without a slash and `**` for anything; a later one that begins with
    `!` takes out.

    For example:

        stagectl stage-name feature/new-menu

        stagectl stage-name --only "release/* demo" release/2
    """
    is_wanted = only is None or preview_branches.fits(branch, only)
    if is_wanted and not preview_branches.fits(branch, but or ""):
        console.result(preview_name.of_branch(branch))


def report(
    *,
    stage: StageName = LOCAL_STAGE,
    tests: Annotated[
        list[Path] | None,
        typer.Option("--test-results", metavar="PATH", help="JUnit file, or folder of some; repeatable."),
    ] = None,
    cost: Annotated[
        Path | None, typer.Option("--cost", metavar="FILE", help="What `stagectl cost --json` printed.")
    ] = None,
    changed_since: Annotated[
        str | None, typer.Option("--changed-since", metavar="REF", help="Commit to tell changed files from.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="STAGE", help="Stage that serves what is not deployed.")
    ] = None,
    run_url: Annotated[
        str, typer.Option("--run-url", metavar="URL", help="Page of the run, for a link.")
    ] = "",
    emulator: OnEmulator = False,
) -> None:
    """Print a stage as a page of Markdown: URLs, what is deployed and why, test result, cost.

    A stage that is half there, or not at all, is reported as such.

    For example:

        stagectl report --stage dev

        stagectl report --stage feature/new-menu --changed-since origin/main --base dev > comment.md
    """
    checkout = Checkout.of_this_file()
    place = lifecycle.find(checkout, stage, use_emulator=emulator)
    changed = changed_files.by_stack(checkout, place.stacks, changed_since) if changed_since else None
    outcomes = suite_outcomes.read(tests or ())
    lifecycle.enter_existing(place)
    page = StageReport(
        stage=place.name,
        services=list(place.stacks),
        deployed=deployed_stacks.of_stage(
            aws.session().client("cloudformation"), place.name, place.stacks.values()
        ),
        urls=published.service_urls(place.name, place.stacks.values()),
        base=base,
        changed=changed,
        changed_since=changed_since or "",
        tests=outcomes,
        cost=_cost_line(cost) if cost else "",
        run_url=run_url,
    )
    console.result(page.markdown().removesuffix("\n"))


def check(
    *,
    stage: Annotated[
        str | None, typer.Option("--stage", "-s", metavar="NAME", help="Stage to look up.")
    ] = None,
    urls: Annotated[
        str | None,
        typer.Option(
            "--urls", metavar="JSON", help="What `stagectl urls --json` printed: no credentials needed."
        ),
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Look at a stage as a stranger: public pages answer, every other route refuses. Changes nothing.

    Exits with 1 when a route does otherwise for a minute. With --stage also when a secret is missing, without
    which some routes answer 503.

    For example:

        stagectl smoke --stage prod

        stagectl smoke --urls "$(stagectl urls --stage prod --json)"
    """
    checkout = Checkout.of_this_file()
    stacks = services.discover(checkout.root)
    if (stage is None) == (urls is None):
        raise UsageError("Name a stage, or give its URLs")
    missing: list[stage_secrets.Finding] = []
    if stage is not None:
        place = lifecycle.find(checkout, stage, use_emulator=emulator)
        lifecycle.enter_deployed(place)
        found = published.service_urls(place.name, stacks.values())
        if found:
            missing = stage_secrets.missing_on(StackStates.of(place.target), place.name, stacks.values())
    else:
        found = _parse_urls(urls or "", stacks)
    if not found:
        raise UsageError("The stage has no URLs: is it up? (stagectl list)")
    findings = []
    for finding in smoke.check(stacks, found, ask=smoke.ask_over_http):
        findings.append(finding)
        if not as_json:
            console.result(
                f"{'ok' if finding.is_right else 'WRONG':<6} {finding.status:>3}  {finding.request}"
            )
    if as_json:
        console.result(json_document.text(findings))
    for secret in missing:
        console.say(f"The secret {secret.name} is missing: {secret.way_out}")
    if missing or not all(finding.is_right for finding in findings):
        raise typer.Exit(1)


def _document(checkout: Checkout, stack: Stack, wave: int) -> dict[str, Any]:
    return {
        "name": stack.name,
        "folder": checkout.shown(stack.folder),
        "wave": wave,
        "dependencies": sorted(stack.dependencies),
        "functions": list(stack.functions),
    }


def _parse_urls(text: str, stacks: dict[str, Stack]) -> dict[str, str]:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not all(
        str(url).startswith(("https://", "http://")) for url in document.values()
    ):
        raise UsageError("--urls should be JSON that names a URL for each service")
    services.select(stacks, document)
    return document


def _cost_line(file: Path) -> str:
    """Say what `stagectl cost --json` found, or nothing when it found nothing."""
    try:
        estimate = json.loads(file.read_text(encoding="utf-8"))
        kept = f"{estimate['days']:g} days with " if "days" in estimate else ""
        orders = f"{kept}{estimate['orders']:,} orders"
        return f"USD {estimate['usd']:.2f} for {orders}, prices of {estimate['pricesOf']}"
    except (OSError, ValueError, TypeError, KeyError):
        return ""
