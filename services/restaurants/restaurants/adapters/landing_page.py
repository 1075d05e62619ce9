"""The landing page's template and the list API that it shows."""

from typing import Any

from restaurants.adapters.templates import find_template
from service_kit.aws import get_json


class LandingPage:
    """The page of a deployment of this service."""

    def __init__(self, service_url: str) -> None:
        self._service_url = service_url
        self._template = find_template("index.html")

    def fetch_restaurants(self) -> list[dict[str, Any]]:
        """Ask the list API, signed by this function's own role, as any other service would.

        Raises:
            service_kit.aws.UpstreamError: it refused or could not answer.
        """
        restaurants: list[dict[str, Any]] = get_json(self._service_url, segments=("restaurants",))
        return restaurants

    def render(self, **context: Any) -> str:
        """Return the page as HTML; everything in the context is escaped."""
        return self._template.render(**context)
