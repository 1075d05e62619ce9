"""The figures as tables for people and as a document."""

import statistics
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.growth.cases import BOUNDED
from benchmarks.growth.fit import growth, line
from benchmarks.growth.measuring import OWN, PAGE_SIZE, USUAL, Figures, Measured, Subject
from benchmarks.machine import machine, now
from benchmarks.measured_results import Target

METHOD = {
    "requests": (
        "Each request runs through the whole handler in one process: parsing, domain, adapter, SDK "
        "over HTTP, validation of the answer. API Gateway, Lambda and SSM are left out. Every answer "
        "is compared with what must stand in it. Sizes take turns, round by round."
    ),
    "database": (
        "dynalite, which keeps items sorted by key and stops reading at the limit, as DynamoDB does. "
        "Tables have the keys and indexes of the services' templates."
    ),
    "read units": (
        "As the database reports them, and again from the sizes of the items by DynamoDB's rules; the "
        "run fails when the two differ. The same in every round."
    ),
    "growth": (
        "The exponent is the steepest slope between neighbouring sizes in a double logarithmic "
        "plot. Within 0.05 of 0 it is called constant, of 1 linear."
    ),
    "milliseconds": (
        "Medians. The ratio is the median of the rounds' ratios: what disturbs a round disturbs all sizes."
    ),
    "usual": (
        "One item for each restaurant, by name. The search scans with a filter until the page is full "
        "or the table ends, behind the same handler."
    ),
}
SHOWN_DIGITS = 3


def document(by_size: Measured, by_page: Measured) -> dict[str, Any]:
    """Return all figures, with their method and the targets."""
    return {
        "measuredAt": now(),
        "machine": machine(),
        "method": METHOD,
        "pageSize": PAGE_SIZE,
        "rows": [_row(subject, figures) for subject, figures in by_size.items()],
        "pages": [_page_row(subject, figures) for subject, figures in by_page.items()],
        "targets": [asdict(target) for target in _targets(by_size)],
    }


def _targets(by_size: Measured) -> list[Target]:
    """Return the targets: for each list the page that grows most, which is to cost the same everywhere."""
    ratios: dict[str, list[float]] = {}
    bounded: list[Target] = []
    for subject, figures in by_size.items():
        if subject.what in BOUNDED:
            dearest = max(_units(figures).values())
            bounded.append(Target(f"{subject.what}: read units", dearest, at_most=BOUNDED[subject.what]))
        elif subject.implementation == OWN:
            ratios.setdefault(subject.what, []).append(growth(_units(figures)).ratio)
    sizes = next(iter(by_size.values()))
    compared = f"read units at {max(sizes):,} restaurants ÷ at {min(sizes):,}, same page"
    constant = [Target(f"{what}: {compared}", max(found), at_most=1.0) for what, found in ratios.items()]
    return constant + bounded


def show(console: Console, results: Mapping[str, Any]) -> None:
    """Print the tables."""
    sizes = list(results["rows"][0]["readUnits"])
    units = Table(
        "",
        *(f"{int(size):,}" for size in sizes),
        "grows",
        *(f"{int(size):,}" for size in sizes),
        "÷",
        title=f"Read units, then milliseconds, of a page of {results['pageSize']} by the size of the tables",
        title_justify="left",
        box=None,
    )
    for row in results["rows"]:
        units.add_row(
            row["title"],
            *(f"{row['readUnits'][size]:g}" for size in sizes),
            row["growth"]["word"],
            *(f"{row['milliseconds'][size]:.1f}" for size in sizes),
            f"{row['millisecondsRatio']:.2f}",
        )
    page_sizes = list(results["pages"][0]["readUnits"])
    pages = Table(
        "",
        *page_sizes,
        "bytes read",
        *page_sizes,
        title=f"Read units, then milliseconds, by the size of the page, at {int(sizes[-1]):,}",
        title_justify="left",
        box=None,
    )
    for row in results["pages"]:
        pages.add_row(
            row["title"],
            *(f"{row['readUnits'][size]:g}" for size in page_sizes),
            "{base:.0f} + {each:.0f} for each item".format_map(row["line"]),
            *(f"{row['milliseconds'][size]:.1f}" for size in page_sizes),
        )
    for table in (units, pages):
        console.print(table, "")


def _row(subject: Subject, figures: Mapping[int, Figures]) -> dict[str, Any]:
    grown = growth(_units(figures))
    return {
        **_figures(subject, figures),
        "growth": {
            "exponent": round(grown.exponent, SHOWN_DIGITS),
            "ratio": round(grown.ratio, SHOWN_DIGITS),
            "word": grown.word,
        },
        "millisecondsRatio": round(_ratio_of_times(figures), SHOWN_DIGITS),
    }


def _page_row(subject: Subject, figures: Mapping[int, Figures]) -> dict[str, Any]:
    fitted = line({size: one.read_bytes for size, one in figures.items()})
    return {
        **_figures(subject, figures),
        "line": {
            "base": round(fitted.base, SHOWN_DIGITS),
            "each": round(fitted.each, SHOWN_DIGITS),
            "explained": round(fitted.explained, SHOWN_DIGITS),
        },
    }


def _figures(subject: Subject, figures: Mapping[int, Figures]) -> dict[str, Any]:
    return {
        "title": _title(subject),
        "implementation": subject.implementation,
        "what": subject.what,
        "among": subject.among,
        "page": subject.page,
        "readUnits": {str(size): one.read_units for size, one in figures.items()},
        "calls": {str(size): one.calls for size, one in figures.items()},
        "milliseconds": {str(size): round(one.median, SHOWN_DIGITS) for size, one in figures.items()},
    }


def _title(subject: Subject) -> str:
    scan = " by scan" if subject.implementation == USUAL else ""
    return f"{subject.what}{scan}, {subject.page} page of {subject.among}"


def _units(figures: Mapping[int, Figures]) -> dict[int, float]:
    return {size: one.read_units for size, one in figures.items()}


def _ratio_of_times(figures: Mapping[int, Figures]) -> float:
    """Compare the largest size with the smallest round by round: what disturbs a round disturbs both."""
    rounds = zip(figures[max(figures)].milliseconds, figures[min(figures)].milliseconds, strict=True)
    return statistics.median(largest / smallest for largest, smallest in rounds)
