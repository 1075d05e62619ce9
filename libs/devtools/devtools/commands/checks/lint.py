"""Check style, types and templates."""

import typer

from stagectl.checkout import Checkout


def run_checks() -> None:
    """Check style, types, YAML, and the CloudFormation templates of all stacks.

    For example:

        npm run lint
    """
    from devtools.checks import lint  # noqa: PLC0415 - brings pydantic

    if not lint.Linter(Checkout.of_this_file()).run(lint.show):
        raise typer.Exit(1)
