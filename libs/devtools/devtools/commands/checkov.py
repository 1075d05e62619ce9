"""Check the templates with checkov."""

import typer

from devtools.checks import checkov as checks
from stagectl.checkout import Checkout
from stagectl.terminal import console


def run_checkov() -> None:
    """Check the CloudFormation templates of production with checkov.

    Exits with 1 for a finding that `.checkov.yaml` does not explain, and for an explanation that is no longer
    needed. The first run installs checkov, locked, apart from all other tools.

    For example:

        stagectl checkov
    """
    found = checks.compare(Checkout.of_this_file())
    for finding in found.unexplained:
        console.result(finding)
    for check in found.unneeded:
        console.result(f"{check}: finds nothing. Remove it from {checks.CONFIGURATION}.")
    if found.unexplained or found.unneeded:
        raise typer.Exit(1)
    console.say("checkov finds nothing that is not explained.")
