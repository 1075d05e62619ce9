"""How long orders wait for an answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from steps import given
from support.stage import Stage


@contextmanager
def orders_wait_for(seconds: int, stage: Stage) -> Iterator[None]:
    """Change how long orders wait, and afterwards wait until all new orders wait as long as before.

    Otherwise the order of the next test could expire.
    """
    path = stage.parameter_path("orders", "place-order", "config")
    with given.a_changed_configuration(stage, path, {"patienceSeconds": seconds}):
        yield
    # Each execution environment keeps it for so long, and a caller cannot choose which of them answers.
    time.sleep(float(stage.environment("orders", "place-order")["PARAMETERS_MAX_AGE_SECONDS"]))
