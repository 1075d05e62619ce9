"""The restaurants service, asked over HTTP."""

from http import HTTPStatus

from service_kit.aws import get_json
from service_kit.parameters import Published

# For each of two tries, in a function of 15 seconds: the other function may have to start first.
TRY_SECONDS = 5.0


class RestaurantsApi:
    """What the service `restaurants` knows: who the staff of a restaurant is.

    No answer is remembered, as a page asks once in nine minutes.

    Args:
        service_url: Where the service is on this stage.
    """

    def __init__(self, service_url: Published) -> None:
        self.service_url = service_url

    def is_staff(self, restaurant_name: str, email: str) -> bool:
        """Return whether a person is staff of a restaurant.

        Raises:
            service_kit.aws.UpstreamError: the service refused this function or could not answer.
        """
        found = get_json(
            self.service_url.get().rstrip("/"),
            segments=("restaurants", restaurant_name, "staff", email),
            # 400 is about what no restaurant or person can be called.
            none_on={HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND},
            timeout_seconds=TRY_SECONDS,
        )
        return found is not None
