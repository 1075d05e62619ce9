"""Pause the stage's event source mappings, as a restart of their pollers would."""

import random
from threading import Event, Thread
from types import TracebackType
from typing import Self

from faults.plan import FaultPlan
from support.stage import Stage


def mappings(stage: Stage) -> dict[str, str]:
    """Return the ids of the event source mappings of the stage's functions, with the function's name."""
    names = [function["FunctionName"] for function in stage.functions()]
    return {
        mapping["UUID"]: name
        for name in names
        for mapping in stage.lambda_.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    }


def stream_consumers(stage: Stage) -> list[str]:
    """Return the names of the functions that read a table's stream: the outboxes."""
    names = [function["FunctionName"] for function in stage.functions()]
    return [
        name
        for name in names
        for mapping in stage.lambda_.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        if ":dynamodb:" in mapping["EventSourceArn"]
    ]


class ConsumerPauses:
    """Pauses one consumer after another, in the background; at the end all of them run."""

    def __init__(self, stage: Stage, plan: FaultPlan) -> None:
        self.done: list[str] = []
        self._stage = stage
        self._plan = plan
        self._dice = random.Random(f"{plan.seed}/pauses")  # noqa: S311
        self._over = Event()
        self._thread = Thread(target=self._pause_some, name="consumer-pauses", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._mappings = mappings(self._stage)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the pauses, the one under way at once."""
        self._over.set()
        self._thread.join()

    def _pause_some(self) -> None:
        for _ in range(self._plan.consumer_pauses):
            mapping = self._dice.choice(sorted(self._mappings, key=self._mappings.__getitem__))
            if self._over.wait(self._dice.uniform(*self._plan.pause_seconds)):
                return
            self._switch(mapping, on=False)
            self.done.append(self._mappings[mapping])
            try:
                self._over.wait(self._dice.uniform(*self._plan.pause_seconds))
            finally:
                self._switch(mapping, on=True)

    def _switch(self, mapping: str, *, on: bool) -> None:
        self._stage.lambda_.update_event_source_mapping(UUID=mapping, Enabled=on)
