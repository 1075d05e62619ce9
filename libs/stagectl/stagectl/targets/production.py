"""Guard production against accidents."""

from stagectl.errors import UsageError

PRODUCTION = "prod"


def check_loadable(stage: str, *, even_prod: bool) -> None:
    """Raise for production, where orders of a load test reach real restaurants.

    Args:
        stage: Name of the stage.
        even_prod: Allow it.

    Raises:
        UsageError: The stage is production, and that is not allowed.
    """
    if stage == PRODUCTION and not even_prod:
        raise UsageError(
            f"Orders on {stage} reach real restaurants. Pass --even-{stage} if that is intended."
        )
