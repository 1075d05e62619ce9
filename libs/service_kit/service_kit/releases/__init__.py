"""Checks of a new version before it gets traffic, and of the public URL once it has all of it."""

from service_kit.releases._checks import (
    CHECK_ID,
    FRESH_ID,
    Check,
    Invocation,
    Request,
    message,
    stream_record,
)
from service_kit.releases._hooks import release_check, traffic_check
from service_kit.releases._traffic import PublicRequest

__all__ = [
    "CHECK_ID",
    "FRESH_ID",
    "Check",
    "Invocation",
    "PublicRequest",
    "Request",
    "message",
    "release_check",
    "stream_record",
    "traffic_check",
]
