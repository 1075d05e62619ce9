"""Shorten the time for which the outboxes retry: fifteen minutes are too long for a run."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from faults.consumers import stream_consumers
from support.stage import Stage

VARIABLE = "GIVE_UP_AFTER_SECONDS"


@contextmanager
def limited_to(stage: Stage, seconds: int) -> Iterator[None]:
    """Let the readers of the tables' streams give up soon, for a block."""
    with ExitStack() as stack:
        for name in set(stream_consumers(stage)):
            before = stage.lambda_.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            assert VARIABLE in before, f"{name} knows no {VARIABLE}"
            stack.callback(_configure, stage, name, before)
            _configure(stage, name, before | {VARIABLE: str(seconds)})
        yield


def _configure(stage: Stage, name: str, variables: dict[str, str]) -> None:
    stage.lambda_.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    stage.lambda_.get_waiter("function_updated_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
