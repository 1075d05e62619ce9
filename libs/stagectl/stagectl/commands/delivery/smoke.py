"""Test a stage without credentials."""

import json
from typing import Annotated

import typer

from stagectl.checkout import Checkout, services
from stagectl.checkout.services import Stack
from stagectl.commands import completion
from stagectl.commands.options import AsJson, OnEmulator
from stagectl.errors import UsageError
from stagectl.stacks import published, stage_secrets
from stagectl.stacks.stack_states import StackStates
from stagectl.stages import lifecycle
from stagectl.stages.smoke import ask_over_http, request_routes
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console, json_document


def smoke(
    *,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            "-s",
            metavar="NAME",
            autocompletion=completion.stages,
            help="Stage whose URLs are looked up.  \\[default: local]",
        ),
    ] = None,
    urls: Annotated[
        str | None,
        typer.Option(
            "--urls",
            metavar="JSON",
            help="Output of `stagectl urls --json`, in place of --stage; needs no credentials.",
        ),
    ] = None,
    emulator: OnEmulator = False,
    as_json: AsJson = False,
) -> None:
    """Test a stage without credentials: public pages answer, all other routes refuse. Changes nothing.

    Exits with 1 when a route answers otherwise for a minute. Without --urls, also when a secret is missing,
    since routes that need it answer 503.

    For example:

        stagectl smoke --stage prod

        stagectl smoke --urls "$(stagectl urls --stage prod --json)"
    """
    checkout = Checkout.here()
    stacks = services.discover(checkout.root)
    if stage is not None and urls is not None:
        raise UsageError("--stage and --urls exclude each other.")
    missing: list[stage_secrets.Finding] = []
    if urls is None:
        resolved = lifecycle.find(checkout, stage or LOCAL_STAGE, use_emulator=emulator)
        lifecycle.enter_deployed(resolved)
        found = published.service_urls(resolved.name, stacks.values())
        if found:
            missing = stage_secrets.missing_on(
                StackStates.of(resolved.target), resolved.name, stacks.values()
            )
    else:
        found = _parse_urls(urls, stacks)
    if not found:
        _check_no_url_is_missing(stacks)
    findings = []
    for finding in request_routes(stacks, found, ask=ask_over_http):
        findings.append(finding)
        if not as_json:
            console.result(
                f"{'ok' if finding.is_right else 'WRONG':<6} {finding.status:>3}  {finding.request}"
            )
    if as_json:
        console.result(json_document.text(findings))
    for secret in missing:
        console.say(f"The secret {secret.name} is missing: {secret.way_out}")
    if missing or not all(finding.is_right for finding in findings):
        raise typer.Exit(1)


def _check_no_url_is_missing(stacks: dict[str, Stack]) -> None:
    if any(one.publishes_url for one in stacks.values()):
        raise UsageError("The stage has no URLs. Check that it is deployed: stagectl list.")
    console.say("No service has a URL: there is nothing to test.")


def _parse_urls(text: str, stacks: dict[str, Stack]) -> dict[str, str]:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not all(
        str(url).startswith(("https://", "http://")) for url in document.values()
    ):
        raise UsageError(
            "--urls must be a JSON object with a URL for each service, as `stagectl urls --json` prints it."
        )
    services.select(stacks, document)
    return document
