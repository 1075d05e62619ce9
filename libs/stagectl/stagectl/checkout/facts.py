"""Facts that templates, scripts and stagectl share, read from `shared-infra/facts.json`."""

import json
from typing import Any

from stagectl.checkout._places import Checkout

_FACTS: dict[str, Any] = json.loads(
    (Checkout.of_this_file().root / "shared-infra" / "facts.json").read_text(encoding="utf-8")
)
_PREVIEW = "preview"

PERMANENT_STAGES: frozenset[str] = frozenset(
    environment for environments in _FACTS["deployers"].values() for environment in environments
) - {_PREVIEW}
"""Permanent stages: they never expire and are not removed."""

LOOPBACK_HOSTS: frozenset[str] = frozenset(_FACTS["loopbackHosts"])
"""Hosts of this machine, on which an endpoint can only be an emulator."""

EVENT_SOURCE: str = _FACTS["eventSource"]
"""What all events of the project name as their source."""
