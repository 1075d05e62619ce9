"""The restaurants service, asked over HTTP."""

import time
from collections.abc import Callable
from http import HTTPStatus

from service_kit.aws import UpstreamRefused, get_json
from service_kit.parameters import Published
from service_kit.snapshots import after_restore

# At most 400 bytes each.
MAX_REMEMBERED = 1_000


class RestaurantsApi:
    """The catalogue of the service `restaurants`.

    Only restaurants that exist are remembered: one that was just added can be ordered from at once, and
    names that callers invent take no room.

    Args:
        service_url: Where the service is on this stage.
        max_age_seconds: How long a restaurant is known to exist after the service said so. One that was
            deleted may still be ordered from for so long.
        clock: Seconds; the wall clock, since the monotonic one may stop while Lambda freezes the process.
    """

    def __init__(
        self, service_url: Published, *, max_age_seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.service_url = service_url
        self._max_age_seconds = max_age_seconds
        self._clock = clock
        # When each was asked for, oldest first.
        self._asked_at: dict[str, float] = {}
        after_restore(self._asked_at.clear)

    def exists(self, name: str) -> bool:
        """Return whether there is a restaurant of that name.

        Raises:
            service_kit.aws.UpstreamError: the service refused this function or could not answer.
        """
        now = self._clock()
        asked_at = self._asked_at.get(name)
        # A clock that was set back must not keep a restaurant alive.
        if asked_at is not None and asked_at <= now < asked_at + self._max_age_seconds:
            return True
        self._asked_at.pop(name, None)
        if not self._ask(name):
            return False
        if len(self._asked_at) >= MAX_REMEMBERED:
            del self._asked_at[next(iter(self._asked_at))]
        self._asked_at[name] = now
        return True

    def _ask(self, name: str) -> bool:
        url = self.service_url.get().rstrip("/")
        try:
            found = get_json(url, segments=("restaurants", name), none_on={HTTPStatus.NOT_FOUND})
        except UpstreamRefused as refused:
            if refused.status == HTTPStatus.BAD_REQUEST:
                # A name that no restaurant can have, such as one with a slash.
                return False
            raise
        return found is not None
