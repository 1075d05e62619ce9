"""Create a service."""

import sys
from typing import Annotated

import typer

from devtools.scaffolding import new_service, scaffold
from stagectl.checkout import Checkout, services
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def make_service(
    name: Annotated[
        str, typer.Argument(help="Name: lower-case letters, digits and dashes, such as payments.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Create a service that deploys and passes all tests unchanged.

    For example:

        stagectl new-service payments

        stagectl new-service gift-cards
    """
    checkout = Checkout.of_this_file()
    new_service.check_name(checkout.root, name, services.discover(checkout.root))
    folder = checkout.root / "services" / name
    with scaffold.undone_on_failure(checkout, [folder]):
        new_service.create(checkout.root, name)
        sys.path.append(str(folder))
        scaffold.regenerate(checkout)
    new_service.make_importable(folder)
    json_document.show_lines([checkout.shown(folder)], as_json=as_json)
    console.say(f"Try it:  stagectl up --stage local --service {name}")
    console.say(f"         .venv/bin/pytest services/{name}")
