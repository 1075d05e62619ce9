"""The table that `up --timings` prints."""

from rich.table import Table

from stagectl.stages.lifecycle import Timings
from stagectl.terminal import console


def show(timings: Timings) -> None:
    """Print to standard output how long each part of bringing a stage up took."""
    table = Table("part", "outcome", "seconds", box=None, pad_edge=False)
    if timings.emulator_seconds is not None:
        table.add_row("emulator", "", f"{timings.emulator_seconds:.1f}")
    deployment = timings.deployment
    for name, outcome in deployment.outcomes.items():
        table.add_row(name, outcome, f"{deployment.seconds[name]:.1f}")
    table.add_row("all stacks", "", f"{deployment.total_seconds:.1f}")
    if timings.seed_seconds is not None:
        table.add_row("seed", "", f"{timings.seed_seconds:.1f}")
    table.add_row("total", "", f"{timings.total_seconds:.1f}")
    console.out.print(table)
