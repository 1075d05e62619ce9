"""AWS clients and tables, and signed requests to other services."""

from importlib import import_module
from typing import TYPE_CHECKING

from service_kit.aws._clients import AWS_ROOTS, ca_bundle, client, close_connections, session, table

if TYPE_CHECKING:
    from service_kit.aws._signed_http import (
        PublicAnswer,
        UpstreamError,
        UpstreamRefused,
        UpstreamUnavailable,
        get_json,
        get_public,
        signed_request,
    )

__all__ = [
    "AWS_ROOTS",
    "PublicAnswer",
    "UpstreamError",
    "UpstreamRefused",
    "UpstreamUnavailable",
    "ca_bundle",
    "client",
    "close_connections",
    "get_json",
    "get_public",
    "session",
    "signed_request",
    "table",
]

_LATER = "_signed_http"


def __getattr__(name: str) -> object:
    """Import signed requests when a function asks for them: they make their connection pool at its start."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER}"), name)
