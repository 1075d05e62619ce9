"""Tells functions that are started for a snapshot that they are, as AWS does."""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import lambda_svc

Stamp = Callable[[dict[str, Any]], bool]


def told(stamp: Stamp) -> Stamp:
    """Add the variable by which Lambda says how an environment is initialized to a version with SnapStart."""

    @wraps(stamp)
    def operation(version: dict[str, Any]) -> bool:
        is_stamped = stamp(version)
        if is_stamped:
            environment = copy.deepcopy(version.get("Environment") or {})
            environment.setdefault("Variables", {})["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start"
            version["Environment"] = environment
        return is_stamped

    return operation


def install() -> None:
    """Make MiniStack do it for every version that is published."""
    lambda_svc._stamp_snapstart_published_version = told(lambda_svc._stamp_snapstart_published_version)
