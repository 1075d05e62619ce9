"""Commands about the whole product on this machine."""

import itertools
import sys
from typing import Annotated

import typer

from devtools.checks import lint
from devtools.scaffolding import new_endpoint, new_service, scaffold
from devtools.testing import suite
from stagectl.checkout import Checkout, services
from stagectl.commands.options import AsJson, OnEmulator, Port
from stagectl.errors import UsageError
from stagectl.readiness import doctor, stage_doctor
from stagectl.readiness.doctor import Level
from stagectl.stages import lifecycle, local_product
from stagectl.targets import target
from stagectl.terminal import console, json_document

_STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


def register(app: typer.Typer) -> None:
    """Add the commands to an app."""
    app.command(rich_help_panel="Product")(start)
    app.command(rich_help_panel="Product")(stop)
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command("test", rich_help_panel="Product", context_settings=passed_on)(run_tests)
    app.command("lint", rich_help_panel="Product")(run_checks)
    app.command("doctor", rich_help_panel="Product")(examine)
    app.command("new-service", rich_help_panel="Sources")(make_service)
    app.command("new-endpoint", rich_help_panel="Sources")(make_endpoint)
    app.command("generate", rich_help_panel="Sources")(generate)


def start(
    *,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when it is ready and leave it running.")
    ] = False,
    port: Port = None,
) -> None:
    """Bring the whole product up on this machine and stay until Ctrl-C.

    For example:

        npm start

        npm start -- --detach

        stagectl start --port 4600
    """
    local_product.start(Checkout.of_this_file(), port or target.default_port(), detach=detach)


def stop(
    *,
    port: Port = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Stop the emulators of this checkout on all ports.")
    ] = False,
) -> None:
    """Stop what `start` brought up: no process and no temporary file stays.

    For example:

        npm stop

        stagectl stop --all
    """
    if everything and port is not None:
        raise UsageError("--all and --port exclude each other")
    ports = None if everything else [port or target.default_port()]
    stopped = local_product.stop(Checkout.of_this_file(), ports)
    if stopped:
        console.say(f"Stopped the emulator on port {', '.join(map(str, stopped))}.")
    else:
        console.say(
            "Nothing to stop." if ports is None else f"Nothing of this checkout runs on port {ports[0]}."
        )


def run_tests(
    context: typer.Context,
    stage: Annotated[
        str | None,
        typer.Option("--stage", "-s", metavar="NAME", help="Only the end-to-end tests, on this stage."),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Add a preview's life under CI's roles, workflows, faults, hostile input, one more service.",
        ),
    ] = False,
    emulator: OnEmulator = False,
) -> None:
    """Run the checks, the unit tests, and the end-to-end tests on a fresh local stage.

    The stage is on an emulator of its own and is removed at the end. With --all the end-to-end tests run on
    a preview that goes up and down under the roles of CI. Further arguments go to pytest: then only the
    end-to-end tests that they select run.

    For example:

        npm test

        npm run test:all

        npm test -- -k place_order

        npm test -- --stage dev

        stagectl test --stage local -k place_order

        stagectl test --stage feature/new-menu --emulator
    """
    if not suite.run(
        Checkout.of_this_file(), stage, context.args, use_emulator=emulator, everything=everything
    ):
        raise typer.Exit(1)


def run_checks() -> None:
    """Check style, types, YAML, and the CloudFormation templates of all stacks.

    For example:

        npm run lint
    """
    if not lint.Linter(Checkout.of_this_file()).run(lint.show):
        raise typer.Exit(1)


def examine(
    *,
    stage: Annotated[
        str | None,
        typer.Option("--stage", "-s", metavar="NAME", help="Look at the account of this stage too."),
    ] = None,
    emulator: OnEmulator = False,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Check whether this machine is ready, and name what to do where it is not.

    With --stage also whether the AWS account is: whose credentials these are, and which quotas the stage
    would meet, such as Lambda's concurrency, of which new accounts have 10. The stage need not be up, and
    nothing is changed.

    Exits with 1 when something that everybody needs is missing, or the stage does not fit into its account.

    For example:

        stagectl doctor

        stagectl doctor --stage preview-x --json
    """
    checkout = Checkout.of_this_file()
    examined = doctor.examine(checkout, port or target.default_port())
    if stage is not None:
        place = lifecycle.find(checkout, stage, use_emulator=emulator, port=port)
        examined = itertools.chain(examined, stage_doctor.examine(checkout, place))
    findings = []
    for finding in examined:
        findings.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        console.result(json_document.text(findings))
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


def make_service(
    name: Annotated[
        str, typer.Argument(help="Name: lower-case letters, digits and dashes, such as payments.")
    ],
) -> None:
    """Make a service that deploys and passes its tests and the repository's unchanged.

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
    console.result(checkout.shown(folder))
    console.say(f"Try it:  stagectl up --stage local --service {name}")
    console.say(f"         .venv/bin/pytest services/{name}")


def make_endpoint(
    service: Annotated[str, typer.Argument(help="Service that gets it, such as orders.")],
    name: Annotated[str, typer.Argument(help="Use case, such as cancel-order.")],
    *,
    method: Annotated[
        str, typer.Option("--method", metavar="METHOD", help=f"One of {', '.join(new_endpoint.METHODS)}.")
    ] = "GET",
    path: Annotated[
        str | None,
        typer.Option("--path", metavar="PATH", help="Path, with names in braces.  \\[default: /NAME]"),
    ] = None,
) -> None:
    """Make an endpoint that deploys and passes its tests and the repository's unchanged.

    It gets a domain function, a handler, a test, an entry in serverless.yml with its memory and start, a row
    in the service's README, and its place in what is generated. Callers sign their requests (AWS_IAM) until
    you choose another authorizer. Prints the files that it wrote, and what is left to do.

    For example:

        stagectl new-endpoint payments list-refunds

        stagectl new-endpoint orders cancel-order --method POST --path "/orders/{orderId}/cancel"
    """
    checkout = Checkout.of_this_file()
    stack = next(iter(services.select(services.discover(checkout.root), [service]).values()))
    endpoint = new_endpoint.Endpoint(stack, name, method.upper(), path or f"/{name}")
    new_endpoint.check(endpoint)
    with scaffold.undone_on_failure(checkout, [*endpoint.sources, *endpoint.tables]):
        new_endpoint.create(checkout.root, endpoint)
        scaffold.regenerate(checkout)
    for file in [*endpoint.sources, *endpoint.tables, *scaffold.generated(checkout)]:
        console.result(checkout.shown(file))
    for step in new_endpoint.steps_left(endpoint):
        console.say(f"- {step}")


def generate() -> None:
    """Write request models, the schemas of events and OpenAPI documents anew from the services' own models.

    For example:

        stagectl generate
    """
    from devtools.contracts import documents  # noqa: PLC0415 - brings pydantic, which takes longer than most commands

    checkout = Checkout.of_this_file()
    for path in documents.write(checkout.root):
        console.result(checkout.shown(path))


def _show(finding: doctor.Finding) -> None:
    console.out.print(f"{finding.level:<5}", style=_STYLES[finding.level], end="")
    way_out = f" -> {finding.way_out}" if finding.way_out else ""
    console.result(f"{finding.subject:<13} {finding.text}{way_out}")
