"""The landing page, which the service `web` renders."""

from collections.abc import Mapping

from restaurants.domain.errors import PageUnavailableError
from service_kit.aws import PublicAnswer, get_public

# The page waits for the list, and both may have to start first; this function has six seconds.
TIMEOUT_SECONDS = 5.0
# Twenty times what the page has.
MAX_BYTES = 512 * 1024
# What it answers to a visitor; anything else comes from an API that has no such page.
_ANSWERS = frozenset({200, 400})


class WebPage:
    """The page of another service, asked for over HTTP."""

    def get(self, web_url: str, query: Mapping[str, str]) -> PublicAnswer:
        """Return the page as `web` answers it.

        Args:
            web_url: Root URL of the service.
            query: Query parameters of the page.

        Raises:
            PageUnavailableError: it answered no page.
            service_kit.aws.UpstreamUnavailable: it did not answer in time, or too much.
        """
        answer = get_public(
            f"{web_url.rstrip('/')}/", query=query, timeout_seconds=TIMEOUT_SECONDS, max_bytes=MAX_BYTES
        )
        if answer.status not in _ANSWERS:
            raise PageUnavailableError
        return answer
