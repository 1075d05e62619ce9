"""Compare granted permissions with those that were used."""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer

from stagectl import aws, permissions
from stagectl.checkout import Checkout, services
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.errors import UsageError
from stagectl.permissions import Line, Review
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def show_permissions(
    *,
    stage: StageName = LOCAL_STAGE,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="NAME", help="Also count the calls of this stage; repeatable."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Compare with the review file; exit with 1 when they differ."),
    ] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """List the permissions of a stage's functions and how often each was used.

    Use is known only on an emulator that stagectl started: it records every call that IAM allows. Calls that
    Lambda makes with a function's role, such as writing its log, are not recorded.

    For example:

        stagectl permissions --stage local

        stagectl permissions --stage local --check
    """
    checkout = Checkout.here()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    if not resolved.target.is_emulator:
        raise UsageError("AWS does not record which permissions were used. Name a stage on the emulator.")
    lifecycle.enter_existing(resolved)
    lines = permissions.of_stage(
        aws.session(),
        resolved.target.environment["AWS_ENDPOINT_URL"],
        resolved.name,
        services.discover(checkout.root),
        also=also or (),
    )
    review = Review.read(checkout.root / permissions.REVIEW_FILE)
    faults = list(permissions.faults(lines, review)) if check else []
    if as_json:
        console.result(json_document.text(_document(lines, review, faults)))
    else:
        _show(lines, review)
        for fault in faults:
            console.say(fault)
    if faults:
        console.say(f"{permissions.REVIEW_FILE} differs from the recorded calls in {len(faults)} places.")
        raise typer.Exit(1)


def _document(lines: Sequence[Line], review: Review, faults: Sequence[str]) -> dict[str, object]:
    return {
        "grants": [
            {
                "function": line.grant.function,
                "action": line.grant.action,
                "resource": line.grant.resource,
                "calls": line.calls,
                "reason": review.reason(line.grant),
            }
            for line in lines
        ],
        "faults": list(faults),
    }


def _show(lines: Sequence[Line], review: Review) -> None:
    for function, of_function in groupby(lines, key=lambda line: line.grant.function):
        console.result(function)
        for line in of_function:
            calls = str(line.calls) if line.calls else "never"
            reason = review.reason(line.grant)
            console.result(f"  {calls:>7}  {line.grant.action:<36} {line.grant.resource}")
            if reason:
                console.result(f"           {reason}")
