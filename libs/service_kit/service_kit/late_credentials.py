"""Credentials of a function that is restored from a snapshot: looked up when they are first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.credentials import ContainerProvider, CredentialResolver, EnvProvider
from botocore.exceptions import NoCredentialsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.session import Session

__all__ = ["LateCredentials", "use_late_credentials"]


class LateCredentials:
    """Behaves as botocore's credentials, but looks for them when a request is signed.

    Clients keep the object that they were made with, and a snapshot keeps the clients. So this object stays,
    and after a restore it looks again.

    Args:
        find: Gives botocore's credentials, or None when there are none.
    """

    method = "lambda"

    def __init__(self, find: Callable[[], Any]) -> None:
        self._find = find
        self._found: Any = None

    def __getattr__(self, name: str) -> Any:
        """Give what the credentials of this moment have, such as `access_key` or `get_frozen_credentials`."""
        if name.startswith("__"):
            raise AttributeError(name)
        if self._found is None:
            self._found = self._find()
        if self._found is None:
            raise NoCredentialsError
        return getattr(self._found, name)

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        """Give a function that looks up a property, without looking now."""
        return lambda: getattr(self, name, None)

    def forget(self) -> None:
        """Look again at the next request."""
        self._found = None


class _OneCredential:
    """What a session asks for its credentials."""

    def __init__(self, credentials: LateCredentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> LateCredentials:
        return self._credentials


def use_late_credentials(session: Session) -> LateCredentials:
    """Let a session look where Lambda puts credentials, with SnapStart or without, when it needs them.

    With SnapStart they are at `AWS_CONTAINER_CREDENTIALS_FULL_URI`, so that none are in the snapshot.
    """
    places = CredentialResolver([EnvProvider(), ContainerProvider()])
    credentials = LateCredentials(places.load_credentials)
    session.register_component("credential_provider", _OneCredential(credentials))
    return credentials
