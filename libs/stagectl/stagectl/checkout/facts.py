"""What templates, scripts and stagectl must agree on, as `shared-infra/facts.json` has it."""

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
"""Stages that others live on: they never expire and are not taken down."""

LOOPBACK_HOSTS: frozenset[str] = frozenset(_FACTS["loopbackHosts"])
"""Hosts of an endpoint on this machine, which can only be an emulator's."""
