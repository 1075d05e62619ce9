"""Create an endpoint."""

from typing import Annotated

import typer

from devtools.scaffolding import new_endpoint, scaffold
from stagectl.checkout import Checkout, services
from stagectl.commands import completion
from stagectl.commands.options import AsJson
from stagectl.terminal import console, json_document


def make_endpoint(
    service: Annotated[
        str,
        typer.Argument(help="Service to extend, such as orders.", autocompletion=completion.service_names),
    ],
    name: Annotated[str, typer.Argument(help="Name of the use case, such as rate-order.")],
    *,
    method: Annotated[
        str, typer.Option("--method", metavar="METHOD", help=f"One of {', '.join(new_endpoint.METHODS)}.")
    ] = "GET",
    path: Annotated[
        str | None,
        typer.Option("--path", metavar="PATH", help="Path, with variables in braces.  \\[default: /NAME]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create an endpoint that deploys and passes all tests unchanged.

    Writes a domain function, a handler, a test, an entry in serverless.yml with memory and SnapStart, a row
    in the service's README, and the generated files. Callers sign their requests (AWS_IAM) until you choose
    another authorizer. Prints the files that it wrote and what is left to do.

    For example:

        stagectl new-endpoint payments list-refunds

        stagectl new-endpoint orders rate-order --method POST --path "/orders/{orderId}/rating"
    """
    checkout = Checkout.of_this_file()
    stack = next(iter(services.select(services.discover(checkout.root), [service]).values()))
    endpoint = new_endpoint.Endpoint(stack, name, method.upper(), path or f"/{name}")
    new_endpoint.check(endpoint)
    with scaffold.undone_on_failure(checkout, [*endpoint.sources, *endpoint.tables]):
        new_endpoint.create(checkout.root, endpoint)
        scaffold.regenerate(checkout)
    written = [*endpoint.sources, *endpoint.tables, *scaffold.generated(checkout)]
    json_document.show_lines([checkout.shown(file) for file in written], as_json=as_json)
    for step in new_endpoint.steps_left(endpoint):
        console.say(f"- {step}")
