"""A handler that knows nothing of service_kit."""


def handle(event: dict[str, str], context: object) -> dict[str, str]:
    """Return what it was asked for."""
    return {"id": event["id"]}
