"""Requests as Schemathesis sends them, let in as the route asks for it."""

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from requests import PreparedRequest
from requests.auth import AuthBase

from steps.given import User
from support.stage import Stage

# They belong to the connection rather than to the request.
UNSIGNED_HEADERS = {"connection", "content-length", "transfer-encoding", "accept-encoding"}


class IdToken(AuthBase):
    """Carries a user's ID token, whatever else was generated for the header."""

    def __init__(self, user: User) -> None:
        self._token = user.id_token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Set the header."""
        request.headers["Authorization"] = self._token
        return request


class Signature(AuthBase):
    """Signs each request with the suite's own credentials."""

    def __init__(self, stage: Stage) -> None:
        self._signer = SigV4Auth(stage.credentials, "execute-api", stage.region)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign what is about to be sent."""
        request.headers.pop("Authorization", None)
        headers = {
            name: value for name, value in request.headers.items() if name.lower() not in UNSIGNED_HEADERS
        }
        signed = AWSRequest(method=request.method, url=request.url, headers=headers, data=request.body or b"")
        self._signer.add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request
