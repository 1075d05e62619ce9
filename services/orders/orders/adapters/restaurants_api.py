"""The restaurants service, asked over HTTP."""

import time
from collections.abc import Callable
from http import HTTPStatus

from aws_lambda_powertools import Logger

from service_kit.aws import UpstreamRefused, get_json
from service_kit.invocation import is_release_check
from service_kit.parameters import Published
from service_kit.snapshots import after_restore

logger = Logger()

# At most 400 bytes each.
MAX_REMEMBERED = 1_000
# For each of two tries, in functions of 15 seconds: the other function may have to start first.
TRY_SECONDS = 5.0


class RestaurantsApi:
    """What the service `restaurants` knows: which restaurants exist, and who their staff is.

    Only positive answers are remembered: a restaurant that was just added can be ordered from at once, and
    names that callers invent take no room.

    Args:
        service_url: Where the service is on this stage.
        max_age_seconds: How long a positive answer serves. A restaurant that was deleted may still be ordered
            from for so long, and a person who was removed may still act as its staff.
        clock: Seconds; the wall clock, since the monotonic one may stop while Lambda freezes the process.
    """

    def __init__(
        self, service_url: Published, *, max_age_seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.service_url = service_url
        self._max_age_seconds = max_age_seconds
        self._clock = clock
        # When each question was asked, by the path of its answer, oldest first.
        self._asked_at: dict[tuple[str, ...], float] = {}
        after_restore(self._asked_at.clear)

    def exists(self, name: str) -> bool:
        """Return whether there is a restaurant of that name.

        Raises:
            service_kit.aws.UpstreamError: the service refused this function or could not answer.
        """
        # A check of a release asks for a restaurant that no customer sees.
        return self._is_there("restaurants", name) or is_release_check()

    def is_staff(self, restaurant_name: str, email: str) -> bool:
        """Return whether a person is staff of a restaurant.

        Raises:
            service_kit.aws.UpstreamError: the service refused this function or could not answer.
        """
        return self._is_there("restaurants", restaurant_name, "staff", email)

    def _is_there(self, *path: str) -> bool:
        now = self._clock()
        asked_at = self._asked_at.get(path)
        # A clock that was set back must not keep an answer alive.
        if asked_at is not None and asked_at <= now < asked_at + self._max_age_seconds:
            logger.debug("a remembered answer serves", age_seconds=round(now - asked_at))
            return True
        self._asked_at.pop(path, None)
        is_there = self._ask(path)
        logger.debug("restaurants has answered", is_there=is_there)
        if not is_there:
            return False
        if len(self._asked_at) >= MAX_REMEMBERED:
            del self._asked_at[next(iter(self._asked_at))]
        self._asked_at[path] = now
        return True

    def _ask(self, path: tuple[str, ...]) -> bool:
        url = self.service_url.get().rstrip("/")
        try:
            found = get_json(url, segments=path, none_on={HTTPStatus.NOT_FOUND}, timeout_seconds=TRY_SECONDS)
        except UpstreamRefused as refused:
            if refused.status == HTTPStatus.BAD_REQUEST:
                # What no restaurant can have, such as a name with a slash.
                return False
            raise
        return found is not None
