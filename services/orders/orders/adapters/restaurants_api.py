"""The restaurants service, asked over HTTP."""

from service_kit.discovery import service_url
from service_kit.signed_http import get_json


class RestaurantsApi:
    """The catalogue of the service `restaurants`."""

    def exists(self, name: str) -> bool:
        """Ask whether there is a restaurant of that name.

        Raises:
            service_kit.signed_http.UpstreamError: the service refused or could not answer.
        """
        return get_json(service_url("restaurants"), segments=("restaurants", name), none_on={404}) is not None
