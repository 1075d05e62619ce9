"""List the stages that exist."""

from typing import Annotated

import typer

from stagectl.checkout import Checkout, services
from stagectl.commands.options import AsJson
from stagectl.stages import listing
from stagectl.terminal import console, json_document


def list_stages(
    *,
    aws: Annotated[bool, typer.Option("--aws", help="Also list the stages on AWS.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the stages that exist, with the states of their stacks.

    Looks on the running emulators of this checkout, at AWS_ENDPOINT_URL when set, and with --aws on AWS.

    For example:

        stagectl list

        stagectl list --aws --json
    """
    checkout = Checkout.here()
    stacks = list(services.discover(checkout.root).values())
    found = listing.find_stages(listing.targets(checkout, aws=aws), stacks)
    if as_json:
        console.result(json_document.text(found))
        return
    if not found:
        console.say(
            "No stages." if aws else "No stages on this machine. To list those on AWS: stagectl list --aws."
        )
    for stage in found:
        console.result(f"{stage.name} on {stage.place}")
        for name, status in stage.stacks.items():
            console.result(f"  {name:<14} {status.state:<24} {json_document.shown_time(status.updated_at)}")
