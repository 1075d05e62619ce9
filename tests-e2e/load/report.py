"""The figures of a run as tables for people and as a document."""

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.machine import machine, now
from load.levels import ServiceLevels
from load.measurements import PERCENTILES, RouteFigures, StepFigures
from load.outcomes import Outcome
from load.verdict import Verdict


def show(console: Console, verdict: Verdict, levels: ServiceLevels) -> None:
    """Print a table for each step, and the verdict."""
    for step, breaches in verdict.steps:
        title = f"{step.users} customers, {step.seconds:.0f} s, {step.per_second():.1f} answers a second"
        table = Table(
            "",
            *(outcome.value for outcome in Outcome),
            *(f"p{percent} ms" for percent in PERCENTILES),
            "level",
            title=title,
            title_justify="left",
            box=None,
        )
        for route, figures in _in_order(step, levels):
            table.add_row(route, *_counts(figures), *_times(figures), _level(levels, route))
        console.print(table)
        for breach in breaches:
            console.print(f"  broken: {breach}", markup=False)
        for reason in _reasons(step):
            console.print(f"  {reason}", markup=False)
        console.print()
    console.print(verdict.ceiling)
    console.print("PASSED" if verdict.passed else "FAILED")


def document(verdict: Verdict, stage: str) -> dict[str, Any]:
    """Return all figures and the verdict."""
    return {
        "measuredAt": now(),
        "machine": machine(),
        "stage": stage,
        "isEmulator": verdict.is_emulator,
        "passed": verdict.passed,
        "finding": verdict.ceiling,
        "steps": [_step(step, breaches) for step, breaches in verdict.steps],
    }


def _step(step: StepFigures, breaches: list[str]) -> dict[str, Any]:
    return {
        "users": step.users,
        "seconds": step.seconds,
        "answersPerSecond": round(step.per_second(), 2),
        "ordersPerSecond": round(step.per_second("POST /orders"), 2),
        "breaches": breaches,
        "routes": {route: _route(figures) for route, figures in step.routes.items()},
    }


def _route(figures: RouteFigures) -> dict[str, Any]:
    times = {f"p{percent}": figures.percentile(percent) for percent in PERCENTILES}
    return {
        **{outcome.value: figures.outcomes[outcome] for outcome in Outcome},
        "milliseconds": {name: None if took is None else round(took) for name, took in times.items()},
        "errors": dict(figures.reasons),
    }


def _counts(figures: RouteFigures) -> list[str]:
    return [str(figures.outcomes[outcome] or "") for outcome in Outcome]


def _times(figures: RouteFigures) -> list[str]:
    times = (figures.percentile(percent) for percent in PERCENTILES)
    return ["" if took is None else f"{took:,.0f}" for took in times]


def _level(levels: ServiceLevels, route: str) -> str:
    times = levels.routes.get(route)
    return "none" if times is None else f"p95 ≤ {times.p95:,.0f}, p99 ≤ {times.p99:,.0f}"


def _in_order(step: StepFigures, levels: ServiceLevels) -> list[tuple[str, RouteFigures]]:
    names = [*levels.routes, *(name for name in step.routes if name not in levels.routes)]
    return [(name, step.routes[name]) for name in names if name in step.routes]


def _reasons(step: StepFigures) -> list[str]:
    return [
        f"error: {count} × {route}: {reason}"
        for route, figures in step.routes.items()
        for reason, count in figures.reasons.most_common()
    ]
