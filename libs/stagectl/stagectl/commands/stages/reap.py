"""Remove stages that are no longer needed."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from stagectl.aws import refusals
from stagectl.checkout import Checkout, services
from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator
from stagectl.errors import StagectlError
from stagectl.removal import reap
from stagectl.stacks.stack_states import StackStates
from stagectl.stages import lifecycle
from stagectl.targets import provenance, target
from stagectl.terminal import console, json_document

_ANY_PREVIEW = "preview"


def reap_stages(
    *,
    stage: Annotated[
        list[str] | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="NAME",
            autocompletion=completion.stages,
            help="Consider only this stage; repeatable.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove the stages instead of only listing them.")
    ] = False,
    open_pull_requests: Annotated[
        typer.FileText | None,
        typer.Option(
            "--open-pull-requests",
            metavar="FILE",
            help="List of all open pull requests, as JSON or plain numbers; - for standard input.",
        ),
    ] = None,
    patterns: Annotated[
        str,
        typer.Option(
            "--preview-branches",
            metavar="PATTERNS",
            help="Branches that have a stage without a pull request, such as 'release/* demo'.",
        ),
    ] = "",
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """List stages that have expired, or whose branch or pull request is gone; with --yes remove them.

    Branches are read from the git remote. Pull requests count only when a list of the open ones is passed; if
    it has branch names, a stage is kept until the last pull request of its branch is closed. The stages
    local, dev, staging and prod are always kept. A stage with incomplete tags is kept and reported. Exits
    with 1 when a stage could not be removed.

    For example:

        stagectl reap

        gh pr list --limit 10000 --json number,headRefName,isCrossRepository > open.json

        stagectl reap --open-pull-requests open.json --yes

        stagectl reap --yes --stage preview-new-menu
    """
    checkout = Checkout.here()
    where = target.resolve(checkout, _ANY_PREVIEW, use_emulator=emulator, port=None)
    where.enter()
    if not where.is_emulator:
        console.say(f"AWS account {target.account_id(where)}")
    listed = open_pull_requests.read() if open_pull_requests else None
    wanted = reap.Wanted(
        branches=provenance.remote_branches(checkout.root),
        pull_requests=None if listed is None else reap.read_pull_requests(listed),
        heads=reap.read_heads(listed or ""),
        patterns=patterns,
    )
    if wanted.branches is None:
        console.say("Cannot list the branches of the git remote: stages of deleted branches are kept.")
    findings = reap.find(
        StackStates.of(where).all(),
        now=datetime.now(UTC),
        wanted=wanted,
        services=services.discover(checkout.root),
    )
    if stage:
        findings = reap.Findings([one for one in findings.stages if one.stage in stage])
    _tell(findings, as_json=as_json)
    if findings.stages and not yes:
        console.say("Nothing was removed; `stagectl reap --yes` removes them.")
    left = [one.stage for one in findings.stages if yes and not _went(checkout, one.stage, emulator=emulator)]
    if left:
        raise StagectlError(f"Not removed: {', '.join(left)}.")


def _tell(findings: reap.Findings, *, as_json: bool) -> None:
    if as_json:
        console.result(json_document.text(findings))
        return
    for one in findings.stages:
        console.result(f"{one.stage:<32} {one.reason}")
    for stack in findings.unclear:
        console.result(f"{stack.stack:<32} kept: {stack.reason}")
    if not findings.stages:
        console.say("No stage to remove.")


def _went(checkout: Checkout, name: str, *, emulator: bool) -> bool:
    """Remove a stage. Report a failure and return False, so that the others are still removed."""
    try:
        stage = lifecycle.named(checkout, name, use_emulator=emulator)
        lifecycle.enter_existing(stage)
        lifecycle.take_down(checkout, stage)
    except Exception as error:
        if not isinstance(error, StagectlError) and not refusals.is_from_aws(error):
            raise
        console.say(f"Stage {name}: {error}")
        return False
    return True
