"""Print the URLs of a stage."""

from stagectl.checkout import Checkout
from stagectl.commands.options import AsJson, OnEmulator, StageName
from stagectl.stacks import published
from stagectl.stages import lifecycle
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def urls(*, stage: StageName = LOCAL_STAGE, emulator: OnEmulator = False, as_json: AsJson = False) -> None:
    """Print the URLs of a stage's services, the landing page first.

    For example:

        stagectl urls

        stagectl urls --stage dev --json
    """
    resolved = lifecycle.find(Checkout.here(), stage, use_emulator=emulator)
    lifecycle.enter_deployed(resolved)
    found = published.service_urls(resolved.name, resolved.stacks.values())
    if as_json:
        console.result(json_document.text(found))
        return
    if not found:
        console.say(
            f"No service of stage {resolved.name} has a URL. Check that it is deployed: stagectl list."
        )
    width = max((14, *map(len, found)))
    for name, url in found.items():
        console.result(f"{name:<{width}} {url}")
