"""What a handler sees of an HTTP request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from service_kit.http._problems import Forbidden, Unauthorized
from service_kit.signature import Source

__all__ = ["Caller", "FromHeader", "FromPath", "Headers", "caller_of", "identity_in"]

DefaultT = TypeVar("DefaultT")


class Headers(Mapping[str, str]):
    """Request headers, found whatever the case of their names."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self._values = {name.lower(): value for name, value in (headers or {}).items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    @overload
    def get(self, name: str, default: None = None) -> str | None: ...
    @overload
    def get(self, name: str, default: str | DefaultT) -> str | DefaultT: ...
    def get(self, name: str, default: object = None) -> object:
        """Return a header or the default, without the error that mappings raise and catch for it."""
        return self._values.get(name.lower(), default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # Values hold tokens.
        return f"Headers({sorted(self._values)})"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the API's Cognito authorizer proved it.

    Attributes:
        user_id: Cognito's `sub`, which never changes.
        username: The user's name in the pool.
        email: Email address, when the token has one.
        groups: Groups of the pool that the user is in.
        verified_email: The email address, when the user has proven that it is theirs.
    """

    user_id: str
    username: str
    email: str | None
    groups: frozenset[str]
    verified_email: str | None = None


@dataclass(frozen=True, slots=True)
class FromPath(Source):
    """Marks an argument that stands in the path: `Annotated[OrderId, FromPath()]`.

    Attributes:
        name: Its name in the route; by default `order_id` is `{orderId}`.
    """

    name: str | None = None

    def name_of(self, argument: str) -> str:
        """Return the name that the route has for an argument."""
        first, *others = argument.split("_")
        return self.name or first + "".join(map(str.capitalize, others))


@dataclass(frozen=True, slots=True)
class FromHeader(Source):
    """Marks an argument that stands in a header: `Annotated[str | None, FromHeader()] = None`.

    Attributes:
        name: Name of the header; by default `idempotency_key` is `Idempotency-Key`.
    """

    name: str | None = None

    def name_of(self, argument: str) -> str:
        """Return the name of the header of an argument, as documents show it."""
        return self.name or "-".join(map(str.capitalize, argument.split("_")))


def caller_of(claims: Mapping[str, Any], *, group: str | None = None) -> Caller:
    """Return who the claims of a proven token speak of.

    Args:
        claims: Claims of the token; empty when there is none.
        group: Group that the caller has to be in.

    Raises:
        Unauthorized: When there is no proven identity, or the token is not an ID token: an access token says
            what an app may do, not who is calling.
        Forbidden: When the caller is not in the group.
    """
    user_id = identity_in(claims)
    username = claims.get("cognito:username") or claims.get("username") or user_id
    email = claims.get("email")
    # Gateways write claims as texts.
    is_verified = str(claims.get("email_verified")).lower() == "true"
    caller = Caller(
        user_id=user_id,
        username=str(username),
        email=email,
        groups=_groups(claims.get("cognito:groups")),
        verified_email=email if is_verified else None,
    )
    if group is not None and group not in caller.groups:
        raise Forbidden(f"Only members of {group} may do this.")
    return caller


def identity_in(claims: Mapping[str, Any]) -> str:
    """Return the id of the user of whom the claims of a proven ID token speak.

    Raises:
        Unauthorized: When there is no proven identity, or the token is not an ID token.
    """
    user_id = claims.get("sub")
    if not user_id or claims.get("token_use", "id") != "id":
        raise Unauthorized("Send the ID token of a signed-in user.")
    return str(user_id)


def _groups(claim: object) -> frozenset[str]:
    """Read the groups claim, which gateways write as a list, as `a,b` or as `[a b]`."""
    if isinstance(claim, str):
        return frozenset(claim.strip("[]").replace(",", " ").split())
    return frozenset(map(str, claim)) if isinstance(claim, list) else frozenset()
