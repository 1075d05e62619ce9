"""List the services."""

from typing import Any

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def list_services(*, as_json: AsJson = False) -> None:
    """List the stacks, their dependencies, and the waves in which they deploy.

    For example:

        stagectl services

        stagectl services --json
    """
    checkout = Checkout.here()
    stacks = services.discover(checkout.root)
    documents = [
        _document(checkout, stacks[name], number)
        for number, wave in enumerate(services.waves(stacks.values()), start=1)
        for name in wave
    ]
    if as_json:
        console.result(json_document.text(documents))
        return
    for document in documents:
        needs = ", ".join(document["dependencies"])
        console.result(
            f"{document['wave']}  {document['name']:<14}{f' after {needs}' if needs else ''}".rstrip()
        )


def _document(checkout: Checkout, stack: Stack, wave: int) -> dict[str, Any]:
    return {
        "name": stack.name,
        "folder": checkout.shown(stack.folder),
        "wave": wave,
        "dependencies": sorted(stack.dependencies),
        "functions": list(stack.functions),
    }
