"""Look for known vulnerabilities of locked packages."""

import typer

from devtools.supply_chain import audit as audits
from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def audit(*, as_json: AsJson = False) -> None:
    """Look for known vulnerabilities of all locked Python and Node packages.

    Exits with 1 for an advisory that `libs/devtools/supply_chain/accepted-advisories.yml` does not explain,
    for an explanation that is no longer needed, and when an advisory service does not answer.

    For example:

        stagectl audit

        stagectl audit --json
    """
    found = audits.compare(Checkout.of_this_file())
    if as_json:
        console.result(json_document.text(found))
    else:
        for one in found.open:
            way_out = f"fixed in {one.fixed_in}" if one.fixed_in else "not fixed yet"
            console.result(f"{one.advisory} {one.package} {one.versions}: {way_out}")
        for advisory in found.unneeded:
            console.result(f"{advisory}: concerns no locked package. Remove it from {audits.ACCEPTED}.")
    if found.open or found.unneeded:
        raise typer.Exit(1)
    console.say("No locked package has a known vulnerability that is not explained.")
