"""What the benchmarks have in common: progress, tables, targets beside figures, and kept results."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Target:
    """A figure and what it should be; benchmarks print both and fail for neither.

    Attributes:
        name: What the figure is.
        figure: What was measured.
        at_most: The most that it should be, or None.
        at_least: The least that it should be, or None.
        remark: A remark on the figure.
    """

    name: str
    figure: float
    at_most: float | None = None
    at_least: float | None = None
    remark: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure is as it should be."""
        return (self.at_most is None or self.figure <= self.at_most) and (
            self.at_least is None or self.figure >= self.at_least
        )


def say(progress: str) -> None:
    """Report progress on standard error."""
    sys.stderr.write(f"  {progress} …\n")


def show(lines: Sequence[str]) -> None:
    """Print a table, and an empty line."""
    sys.stdout.write("\n".join([*lines, "", ""]))
    sys.stdout.flush()


def target_lines(targets: Sequence[Target]) -> list[str]:
    """Return a table of figures with their targets."""
    lines = [f"{'':<72}{'measured':>9}{'target':>9}"]
    for target in targets:
        wanted = f"≤ {target.at_most:g}" if target.at_most is not None else f"≥ {target.at_least:g}"
        verdict = "met" if target.is_met else "not met"
        lines.append(
            f"{target.name:<72}{target.figure:9.2f}{wanted:>9}  {verdict:<8} {target.remark}".rstrip()
        )
    return lines


def write_result(name: str, document: Mapping[str, Any]) -> Path:
    """Keep a result under its name, rounded to what it is good for, in place of the last one."""
    file = RESULTS / name
    rounded = json.loads(json.dumps(document), parse_float=lambda text: float(f"{float(text):.4g}"))
    file.write_text(json.dumps(rounded, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
