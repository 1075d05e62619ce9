"""Release a stage by its check-list."""

import json
from pathlib import Path
from typing import Annotated

import typer

from stagectl.checklist import steps
from stagectl.checklist.release import NO_RESTAURANT, ORDER, Options, Release
from stagectl.checkout import Checkout, facts
from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator, Parameters, RequiredStage
from stagectl.errors import UsageError
from stagectl.stages import lifecycle
from stagectl.stages.orders import ORDERS
from stagectl.terminal import console, json_document
from stagectl.terminal.durations import parse_duration


def release(
    *,
    stage: RequiredStage = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only compare, check and plan.")] = False,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="STEP", help="Leave this step out; repeatable.")
    ] = None,
    against: Annotated[
        str, typer.Option("--against", metavar="COMMIT", help="Compare contracts with this commit.")
    ] = "",
    verified: Annotated[
        Path | None,
        typer.Option("--verified", metavar="FILE", help="Record of the release that tested this commit."),
    ] = None,
    test: Annotated[
        list[str] | None,
        typer.Option("--test", metavar="COMMAND", help="Command that tests the stage; repeatable."),
    ] = None,
    watch: Annotated[
        str, typer.Option("--watch", metavar="AGE", help="How long to watch the alarms.")
    ] = "0s",
    order_from: Annotated[
        str,
        typer.Option(
            "--order-from",
            metavar="RESTAURANT",
            autocompletion=completion.restaurants,
            help="Restaurant of the canary order.",
            hidden=ORDERS not in facts.SERVICES,
        ),
    ] = "",
    no_rollback: Annotated[
        bool, typer.Option("--no-rollback", help="Leave the new versions live when a step after fails.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Also write the record to this file.")
    ] = None,
    param: Parameters = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Release this checkout on a stage by a check-list: compare, check, migrate, deploy, test, watch, order.

    A step that fails stops the release; after the deployment it also rolls the functions back. Steps are
    skipped by name only, and the record says so. The record (who, what, when, each step) stays on the stage.
    With --dry-run nothing is changed.

    For example:

        stagectl release --stage local --dry-run

        stagectl release --stage staging --test 'stagectl test --stage staging' --record staging.json

        stagectl release --stage prod --verified staging.json --watch 10m --order-from "Test Kitchen"
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator, parameters=param or ())
    lifecycle.enter_deployed(resolved)
    options = Options(
        parameters=param or (),
        against=against,
        verified=verified,
        commands=test or (),
        watch=parse_duration(watch),
        restaurant=order_from,
    )
    one = Release(checkout, resolved, options)
    listed = one.steps()
    skipped = skip or []
    steps.check_names(listed, skipped)
    places_order = any(step.name == ORDER for step in listed) and ORDER not in skipped
    if places_order and not (dry_run or order_from):
        raise UsageError(NO_RESTAURANT)
    result = steps.work(listed, skipped=skipped, is_dry_run=dry_run, say=console.say)
    outcomes = {
        outcome.step: f"{outcome.state}: {outcome.said}" if outcome.said else str(outcome.state)
        for outcome in result.outcomes
    }
    if result.error is not None and result.was_done("deployment") and not no_rollback:
        outcomes["rollback"] = one.go_back()
        console.say(f"Rolled back: {outcomes['rollback']}")
    if dry_run:
        document = {"stage": resolved.name, "steps": outcomes}
    else:
        document = one.record(outcomes, is_released=result.error is None)
    if record is not None:
        record.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    if as_json:
        console.result(json_document.text(document))
    if result.error is not None:
        raise result.error
    if not as_json:
        console.result("The plan holds." if dry_run else f"Released on stage {resolved.name}.")
