"""What the services of a stage publish in SSM."""

from collections.abc import Iterable

from stagectl import aws
from stagectl.checkout.services import Stack

LANDING_PAGE = "web"
"""The service whose root URL is the landing page."""
EDGE = "edge"
"""The stack in front of all services, on stages that have it."""


def service_urls(stage: str, stacks: Iterable[Stack]) -> dict[str, str]:
    """Return the published root URLs of a stage by service, that of the landing page first.

    Where the stage has an edge, those of services are below it, since they refuse others. Services that are
    not deployed are left out. The stage's target must have been entered.
    """
    ssm = aws.session().client("ssm")

    def published(name: str) -> str | None:
        try:
            return ssm.get_parameter(Name=name)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            return None

    listed = list(stacks)
    found = {one.name: published(f"/{one.name}/{stage}/serviceUrl") for one in listed if one.publishes_url}
    urls = {name: url for name, url in found.items() if url}
    edge = published(f"/{EDGE}/{stage}/url") if any(one.name == EDGE for one in listed) else None
    if edge:
        behind = {one.name for one in listed if not one.is_opt_in}
        urls |= {
            name: edge if name == LANDING_PAGE else f"{edge}/api/{name}" for name in urls.keys() & behind
        }
    return dict(sorted(urls.items(), key=lambda item: (item[0] != LANDING_PAGE, item[0])))


def landing_page(urls: dict[str, str]) -> str | None:
    """Return the URL of the landing page, or None when the stage has none."""
    return next(iter(urls.values()), None)
