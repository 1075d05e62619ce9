"""Real HTTP through API Gateway."""

from urllib.parse import urlsplit, urlunsplit

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from drivers.exchange import Answer, Request
from support.stage import Stage

TIMEOUT_SECONDS = 30
SIMULTANEOUS = 32


def on_this_machine(url: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return a URL and headers by which to reach a name below `localhost`, which not every resolver knows."""
    parts = urlsplit(url)
    if not (parts.hostname or "").endswith(".localhost"):
        return url, headers
    return urlunsplit(parts._replace(netloc=f"127.0.0.1:{parts.port}")), {**headers, "host": parts.netloc}


class OverHttp:
    """Calls the stage as any caller on the network does."""

    def __init__(self, stage: Stage, credentials: Credentials | None = None) -> None:
        """Prepare calls, signed with the suite's own credentials or with others."""
        self._stage = stage
        self._credentials = credentials or stage.credentials
        self._client = httpx.Client(
            timeout=TIMEOUT_SECONDS, limits=httpx.Limits(max_connections=SIMULTANEOUS), trust_env=False
        )

    def with_secret(self, secret: str) -> "OverHttp":
        """Return a driver with these credentials, but another secret."""
        return OverHttp(self._stage, Credentials(self._credentials.access_key, secret))

    def send(self, request: Request) -> Answer:
        """Send the request to the service's URL, signed if it says so, else through the stage's door."""
        headers = request.all_headers
        if request.is_signed:
            url = self._stage.service_url(request.service) + request.target
            headers = self._signed(request.method, url, headers, request.body)
        else:
            url, headers = on_this_machine(self._stage.door(request.service) + request.target, headers)
        got = self._client.request(request.method, url, headers=headers, content=request.body)
        headers_by_name = {name.lower(): value for name, value in got.headers.items()}
        return Answer(request, got.status_code, headers_by_name, got.content)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _signed(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> dict[str, str]:
        request = AWSRequest(method=method, url=url, headers=headers, data=body or b"")
        SigV4Auth(self._credentials, "execute-api", self._stage.region).add_auth(request)
        return dict(request.headers.items())
