"""The command that measures."""

from typing import Annotated

import typer

from devtools.testing import laboratory
from stagectl.checkout import Checkout


def register(app: typer.Typer) -> None:
    """Add the command to an app."""
    app.command(rich_help_panel="Product")(bench)


def bench(
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PART",
            help=f"Only this part, or these: {', '.join(part.name for part in laboratory.PARTS)}.",
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few rounds, to see that it works; no result is kept.")
    ] = False,
) -> None:
    """Run the benchmarks and print their tables, with the targets beside the figures.

    Takes about ten minutes and wants a machine that does nothing else. Missing a target fails nothing.
    Results are kept in tests-e2e/benchmarks/results, the chart among them.

    For example:

        npm run bench

        stagectl bench --only warm-path --quick
    """
    laboratory.run(Checkout.of_this_file(), laboratory.chosen(only or []), quick=quick)
