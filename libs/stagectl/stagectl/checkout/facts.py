"""Facts of the repository: what templates, scripts and stagectl share.

They are in `shared-infra/facts.json`, or in the table of a repository that adopts stagectl.
"""

import json
from typing import Any

from stagectl.checkout import adoption
from stagectl.checkout._places import Checkout
from stagectl.errors import UsageError

_PREVIEW = "preview"


def _adoption() -> adoption.Adoption | None:
    try:
        return adoption.read(Checkout.here().root)
    except UsageError:
        return None  # which each command reports that needs a repository


def _shared() -> dict[str, Any]:
    path = Checkout.of_this_file().root / "shared-infra" / "facts.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


_ADOPTION = _adoption()
_FACTS = _shared()

IS_ADOPTED = _ADOPTION is not None
"""Whether another repository uses stagectl, without the services of this one."""

SERVICES = frozenset(
    path.parent.name for path in Checkout.of_this_file().root.glob("services/*/serverless.yml")
)
"""The services of this repository, by their folders."""

PROJECT: str = _ADOPTION.project if _ADOPTION else "big-mouth"
"""Value of the tag `project` of all stacks."""

PERMANENT_STAGES: frozenset[str] = (
    _ADOPTION.permanent_stages
    if _ADOPTION
    else frozenset(one for stages in _FACTS.get("deployers", {}).values() for one in stages) - {_PREVIEW}
)
"""Permanent stages: they never expire and are not removed."""

LOOPBACK_HOSTS: frozenset[str] = frozenset(_FACTS.get("loopbackHosts", ("127.0.0.1", "localhost", "::1")))
"""Hosts of this machine, on which an endpoint can only be an emulator."""

EVENT_SOURCE: str = _FACTS.get("eventSource", PROJECT)
"""What all events of the project name as their source."""
