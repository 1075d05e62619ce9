"""Check whether the legal documents of production say who runs it."""

from collections.abc import Iterator
from pathlib import Path

from stagectl.checkout import stage_parameters
from stagectl.readiness.finding import Finding, Level
from stagectl.targets.production import PRODUCTION

PARAMETERS = ("operatorName", "operatorAddress", "operatorEmail")


def examine(root: Path, stage: str) -> Iterator[Finding]:
    """Yield a finding about production; on other stages the documents may show what is missing."""
    if stage != PRODUCTION:
        return
    missing = [name for name in PARAMETERS if not stage_parameters.declared(root, stage, name)]
    if missing:
        yield Finding(
            Level.WARN,
            "legal",
            f"the legal documents show that {', '.join(missing)} are not filled in",
            f"set them for {stage} in {stage_parameters.FILE}, and let a lawyer check the texts in "
            "services/web/legal",
        )
    else:
        yield Finding(Level.OK, "legal", "the legal documents say who runs the stage")
