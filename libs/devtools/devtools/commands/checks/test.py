"""Run the checks and the tests."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout
from stagectl.commands import completion
from stagectl.commands.options import OnEmulator


def run_tests(
    context: typer.Context,
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="NAME",
            autocompletion=completion.stages,
            help="Run only the end-to-end tests, on this stage.",
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Add a preview's life under CI's roles, workflows, faults, hostile input, a new service.",
        ),
    ] = False,
    owner: Annotated[
        bool,
        typer.Option(
            "--owner",
            help="Run only what needs the account's owner: roles, operators, hostile input.",
        ),
    ] = False,
    in_a_browser: Annotated[
        bool,
        typer.Option("--browser", help="Run only the browser's tests, on a fresh local stage."),
    ] = False,
    stages: Annotated[
        bool,
        typer.Option(
            "--stages", help="Run only what makes, releases and removes stages, on a fresh local stage."
        ),
    ] = False,
    edge: Annotated[
        bool, typer.Option("--edge", help="With --browser: run its tests on a stage behind an edge.")
    ] = False,
    night: Annotated[
        bool,
        typer.Option(
            "--night", help="Run only what takes too long for each change: acceptance, a flood, the edge."
        ),
    ] = False,
    emulator: OnEmulator = False,
) -> None:
    """Run the checks, the unit tests, and the end-to-end tests on a fresh local stage.

    The stage is on an emulator of its own and is removed at the end. With --all, the end-to-end tests run on
    a preview that is deployed and removed under the roles of CI. Further arguments are passed to pytest; then
    only the end-to-end tests that they select run.

    For example:

        npm test

        npm run test:all

        npm test -- -k place_order

        npm test -- --stage dev

        stagectl test --stage local -k place_order

        stagectl test --stage feature/new-menu --emulator
    """
    from devtools.testing import night as nightly  # noqa: PLC0415 - brings pydantic
    from devtools.testing import suite  # noqa: PLC0415

    checkout = Checkout.of_this_file()
    if owner:
        passed = suite.run_as_owner(checkout)
    elif night:
        passed = nightly.run(checkout)
    elif in_a_browser or stages:
        passed = suite.run_some(checkout, in_a_browser=in_a_browser, of_stages=stages, behind_edge=edge)
    else:
        passed = suite.run(checkout, stage, context.args, use_emulator=emulator, everything=everything)
    if not passed:
        raise typer.Exit(1)
