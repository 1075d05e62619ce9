"""The WebSocket API's way to connected pages."""

import contextlib
import json

from service_kit.aws import client

MESSAGE = json.dumps({"changed": "orders"})


class PageSockets:
    """Sends to pages through API Gateway, which AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI names."""

    def __init__(self) -> None:
        self._connections = client("apigatewaymanagementapi")

    def tell(self, connection_id: str) -> None:
        """Tell a page that something has changed; one that is gone is left out.

        Its item stays until it expires: API Gateway also calls a page gone that is about to be connected.
        """
        with contextlib.suppress(self._connections.exceptions.GoneException):
            self._connections.post_to_connection(ConnectionId=connection_id, Data=MESSAGE)
