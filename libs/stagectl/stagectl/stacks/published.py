"""The URLs that the services of a stage publish."""

import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from stagectl import aws
from stagectl.checkout.services import Stack
from stagectl.stacks.stack_reader import StackReader

LANDING_PAGE = "web"
"""The service whose root URL is the landing page."""
EDGE = "edge"
"""The stack in front of all services, on stages that have it."""
_OUTPUTS = ("ServiceEndpoint", "HttpApiUrl")
"""Outputs in which sls writes the URL of a REST API and of an HTTP API."""


def service_urls(stage: str, stacks: Iterable[Stack]) -> dict[str, str]:
    """Return the published root URLs of a stage by service, that of the landing page first.

    They are parameters in SSM. In a repository without any such parameter they are the outputs of sls. Where
    the stage has an edge, those of services are below it, since they refuse others. Services that are not
    deployed are left out. The stage's target must have been entered.
    """
    listed = list(stacks)
    if not any(one.publishes_url for one in listed):
        return _urls_of_outputs(stage, listed)
    ssm = aws.session().client("ssm")

    def published(name: str) -> str | None:
        try:
            return ssm.get_parameter(Name=name)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            return None

    found = {one.name: published(f"/{one.name}/{stage}/serviceUrl") for one in listed if one.publishes_url}
    urls = {name: url for name, url in found.items() if url}
    edge = published(f"/{EDGE}/{stage}/url") if any(one.name == EDGE for one in listed) else None
    if edge:
        behind = {one.name for one in listed if not one.is_opt_in}
        urls |= {
            name: edge if name == LANDING_PAGE else f"{edge}/api/{name}" for name in urls.keys() & behind
        }
    return dict(sorted(urls.items(), key=lambda item: (item[0] != LANDING_PAGE, item[0])))


def _urls_of_outputs(stage: str, stacks: Iterable[Stack]) -> dict[str, str]:
    reader = StackReader(aws.session().client("cloudformation"))
    outputs = {one.name: reader.outputs(one.on_stage(stage)) for one in stacks}
    return {
        name: _reachable(found[key]) for name, found in outputs.items() for key in _OUTPUTS if key in found
    }


def _reachable(url: str) -> str:
    """Return where an API answers; on an emulator that is a path below its endpoint."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        return url
    parts = urlsplit(url)
    api = (parts.hostname or "").partition(".")[0]
    return f"{endpoint}/_aws/execute-api/{api}{parts.path or '/$default'}"


def landing_page(urls: dict[str, str]) -> str | None:
    """Return the URL of the landing page, or None when the stage has none."""
    return next(iter(urls.values()), None)
