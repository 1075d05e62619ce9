"""What the services of a stage publish in SSM."""

from collections.abc import Iterable

from stagectl import aws
from stagectl.checkout.services import Stack

LANDING_PAGE = "web"
"""The service whose root URL is the landing page."""


def service_urls(stage: str, stacks: Iterable[Stack]) -> dict[str, str]:
    """Return the published root URLs of a stage by service, that of the landing page first.

    Services that are not deployed are left out. The stage's target must have been entered.
    """
    ssm = aws.session().client("ssm")
    urls = {}
    for stack in stacks:
        if stack.publishes_url:
            try:
                parameter = ssm.get_parameter(Name=f"/{stack.name}/{stage}/serviceUrl")["Parameter"]
            except ssm.exceptions.ParameterNotFound:
                continue
            urls[stack.name] = parameter["Value"]
    return dict(sorted(urls.items(), key=lambda item: (item[0] != LANDING_PAGE, item[0])))


def landing_page(urls: dict[str, str]) -> str | None:
    """Return the URL of the landing page, or None when the stage has none."""
    return next(iter(urls.values()), None)
