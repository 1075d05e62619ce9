"""How hard to attack."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How hard to try.

    Attributes:
        seed: What all randomness begins with.
        examples: Requests to make up for each operation, and walks along the links for each service.
    """

    seed: int
    examples: int

    @classmethod
    def wanted(cls) -> "Effort":
        """Return the effort that `HOSTILE_SEED` and `HOSTILE_EXAMPLES` ask for."""
        return cls(
            seed=int(os.environ.get("HOSTILE_SEED", "1")),
            examples=int(os.environ.get("HOSTILE_EXAMPLES", "30")),
        )

    @property
    def timeout_seconds(self) -> int:
        """How long one test may take: far longer than on a machine that has nothing else to do."""
        return max(120, 6 * self.examples)

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.examples} examples"
