"""The restaurants service, asked over HTTP."""

from http import HTTPStatus

from service_kit.discovery import service_url
from service_kit.signed_http import UpstreamRefused, get_json


class RestaurantsApi:
    """The catalogue of the service `restaurants`."""

    def exists(self, name: str) -> bool:
        """Ask whether there is a restaurant of that name.

        Raises:
            service_kit.signed_http.UpstreamError: the service refused this function or could not answer.
        """
        try:
            found = get_json(
                service_url("restaurants"), segments=("restaurants", name), none_on={HTTPStatus.NOT_FOUND}
            )
        except UpstreamRefused as refused:
            if refused.status == HTTPStatus.BAD_REQUEST:
                # A name that no restaurant can have, such as one with a slash.
                return False
            raise
        return found is not None
