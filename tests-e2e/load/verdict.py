"""Up to how many customers the service levels hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from load.levels import ServiceLevels
from load.measurements import StepFigures


@dataclass(frozen=True)
class Verdict:
    """The judgement of a run.

    Attributes:
        steps: What was measured, with what each step does not keep.
        is_emulator: Whether that says something of a machine rather than of a stage.
    """

    steps: Sequence[tuple[StepFigures, list[str]]]
    is_emulator: bool

    @property
    def held(self) -> StepFigures | None:
        """The last step before the first that breaks a level."""
        held = None
        for step, breaches in self.steps:
            if breaches:
                break
            held = step
        return held

    @property
    def broke(self) -> StepFigures | None:
        """The first step that breaks a level."""
        return next((step for step, breaches in self.steps if breaches), None)

    @property
    def passed(self) -> bool:
        """Whether a stage keeps all levels; the emulator need only keep them in the first step."""
        return self.broke is None if not self.is_emulator else self.held is not None

    @property
    def ceiling(self) -> str:
        """What was found, as a sentence."""
        if self.broke is None and self.held is not None:
            return f"All levels held, up to {_load(self.held)}."
        if self.held is None:
            return "The levels did not hold at the first step: begin with fewer customers."
        found = f"The levels held with {_load(self.held)}, and not with {_load(self.broke or self.held)}."
        if self.is_emulator:
            found += " That is the ceiling of the emulator on this machine, and says nothing about AWS."
        return found


def verdict(steps: Sequence[StepFigures], levels: ServiceLevels, *, is_emulator: bool) -> Verdict:
    """Judge the steps of a run that were measured; those that were not reached are left out."""
    reached = [step for step in steps if step.routes]
    return Verdict([(step, levels.breaches(step)) for step in reached], is_emulator)


def _load(step: StepFigures) -> str:
    requests, orders = step.per_second(), step.per_second("POST /orders")
    return f"{step.users} customers ({requests:.1f} requests and {orders:.1f} orders a second)"
