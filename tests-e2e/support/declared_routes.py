"""The routes that the services declare: who may call them, and the group that the handler requires."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from stagectl.checkout.routes import Authorizer, Route, routes_of
from stagectl.checkout.yaml_loader import load_mapping

from drivers.exchange import Request
from support.stage import REPOSITORY

PATH_VALUES: dict[str, str] = {
    # A value for each path parameter, such as "filmId", that nothing on the stage has.
    # begin only-with-example-services
    "orderId": "00000000-0000-0000-0000-000000000000",
    "name": "zz e2e a restaurant that does not exist",
    "file": "style.css",
    "path": "style.css",
    "page": "terms",
    "document": "terms",
    "version": "0",
    "submissionId": "00000000-0000-0000-0000-000000000000",
    "email": "nobody@simulator.amazonses.com",
    # end only-with-example-services
}


class Door(StrEnum):
    """Who may call a route's function."""

    EVERYBODY = "everybody"
    IDENTITIES = "identities that may invoke it"
    USERS = "users of the pool"
    CHOSEN = "users whom the handler lets through, by what stands in the path"
    MEMBERS = "members of a group"


DOORS = {
    Authorizer.NOBODY_ASKED: Door.EVERYBODY,
    Authorizer.AWS_IDENTITY: Door.IDENTITIES,
    Authorizer.POOL_USER: Door.USERS,
}


@dataclass(frozen=True)
class DeclaredRoute(Route):
    """One route of one service.

    Attributes:
        service: Name of the service.
        group: The group that the handler asks for, or None.
        is_refused_to_some: Whether the handler answers 403 to some users.
    """

    service: str
    group: str | None
    is_refused_to_some: bool

    def __str__(self) -> str:
        return f"{self.service}-{self.function}"

    @property
    def door(self) -> Door:
        """Who may call it.

        Raises:
            AssertionError: it asks for a group without a token.
        """
        door = DOORS[self.authorizer]
        if self.group:
            assert door is Door.USERS, f"{self} asks for the group {self.group}, and not for a token"
            return Door.MEMBERS
        return Door.CHOSEN if door is Door.USERS and self.is_refused_to_some and self.parameters else door

    @property
    def parameters(self) -> list[str]:
        """Names of what stands in its path."""
        parts = self.path.split("/")
        return [part.strip("{+}") for part in parts if part.startswith("{")]

    def request(self, **values: str) -> Request:
        """Return a request to it that changes nothing, with these values in its path.

        Raises:
            AssertionError: there is no example value for such a path yet.
        """
        known = PATH_VALUES | values
        unknown = [name for name in self.parameters if name not in known]
        assert not unknown, f"{self} has {unknown} in its path: add them to PATH_VALUES in {__file__}"
        segments = (
            known[part.strip("{+}")] if part.startswith("{") else part
            for part in self.path.split("/")
            if part
        )
        return Request(self.service, self.method, tuple(segments))


def declared_routes() -> list[DeclaredRoute]:
    """Return every route of every service.

    Raises:
        KeyError: a service's openapi.json lacks a route: run `stagectl generate`.
    """
    return [
        DeclaredRoute(
            **asdict(route),
            service=file.parent.name,
            group=operation.get("x-required-group"),
            is_refused_to_some="403" in operation["responses"],
        )
        for file in sorted(REPOSITORY.glob("services/*/serverless.yml"))
        for route in routes_of(load_mapping(file))
        for operation in [_operations(file.parent.name)[route.function]]
    ]


@cache
def _operations(service: str) -> dict[str, dict[str, Any]]:
    document = json.loads((REPOSITORY / "services" / service / "openapi.json").read_text(encoding="utf-8"))
    return {
        operation["operationId"]: operation
        for methods in document["paths"].values()
        for operation in methods.values()
    }
