"""Compare what functions may do with what they did."""

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
from stagectl.terminal import console, json_document


def show_permissions(
    *,
    stage: StageName,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="NAME", help="A stage whose calls count too; repeatable."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Compare with the review; exit with 1 where it is not true."),
    ] = False,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """List what the roles of a stage's functions grant, and how often each grant was used.

    Only an emulator that stagectl started knows what was used: it notes every call that its IAM lets through.
    What Lambda itself does under a function's role, such as writing its log, it is not asked for.

    For example:

        stagectl permissions --stage local

        stagectl permissions --stage local --check
    """
    checkout = Checkout.of_this_file()
    resolved = lifecycle.find(checkout, stage, use_emulator=emulator)
    if not resolved.target.is_emulator:
        raise UsageError("AWS does not tell which permissions were used: name a stage on an emulator")
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
        console.say(f"{permissions.REVIEW_FILE} is not what was seen: {len(faults)} differences")
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
