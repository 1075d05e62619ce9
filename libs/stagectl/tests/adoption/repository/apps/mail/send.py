"""A handler that uses what another service exports."""

import os


def handle(event: object, context: object) -> str | None:
    """Return the topic that it would send to."""
    return os.environ.get("TOPIC")
