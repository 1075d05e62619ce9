"""The recorded calls of roles."""

import json
import urllib.request
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError

from stagectl.errors import StagectlError
from stagectl.permissions.generic_names import function_of, generic

_PATH = "/_ministack/permissions-in-use"
_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Call:
    """What one function did to one resource.

    Attributes:
        function: `service/function`.
        action: Such as `dynamodb:PutItem`.
        resource: The resource's ARN in general terms, see `generic`.
        count: How often.
    """

    function: str
    action: str
    resource: str
    count: int


def recorded(endpoint: str, stages: Collection[str]) -> list[Call]:
    """Return what the functions of some stages did since their emulator was started.

    Raises:
        StagectlError: The endpoint is not an emulator that this checkout started.
    """
    try:
        with urllib.request.urlopen(f"{endpoint}{_PATH}", timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
            return in_general(json.load(answer), stages)
    except (HTTPError, ValueError) as error:
        raise StagectlError(
            f"{endpoint} does not record which permissions were used ({error}). Start it: npm start."
        ) from error


def in_general(noted: Iterable[Mapping[str, Any]], stages: Collection[str]) -> list[Call]:
    """Return the recorded calls of the roles of several stages together."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for entry in noted:
        for stage in stages:
            function = function_of(entry["role"], stage)
            if function:
                counts[function, entry["action"], generic(entry["resource"], stage)] += entry["calls"]
    return [Call(*key, count) for key, count in sorted(counts.items())]
