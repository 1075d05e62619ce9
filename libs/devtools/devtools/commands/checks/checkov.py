"""Check the templates with checkov."""

import typer

from devtools.checks import checkov as checks
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def run_checkov(*, as_json: AsJson = False) -> None:
    """Check the CloudFormation templates of production with checkov.

    Exits with 1 for a finding that `.checkov.yaml` does not explain, and for an explanation that is no longer
    needed. The first run installs checkov, locked, apart from all other tools.

    For example:

        stagectl checkov
    """
    found = checks.compare(Checkout.of_this_file())
    if as_json:
        console.result(json_document.text(found))
    else:
        for finding in found.unexplained:
            console.result(finding)
        for check in found.unneeded:
            console.result(f"{check}: finds nothing. Remove it from {checks.CONFIGURATION}.")
    if found.unexplained or found.unneeded:
        raise typer.Exit(1)
    console.say("checkov finds nothing that is not explained.")
