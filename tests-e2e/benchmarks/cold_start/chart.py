"""The result as a picture: bars, readable on light and on dark pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.cold_start.events import CUSTOMER_FACING
from benchmarks.cold_start.restore import restored_name
from benchmarks.cold_start.subjects import BARE, EVERYTHING, NODE, USUAL, USUAL_STALE
from benchmarks.measured_results import RESULTS

FILE = RESULTS / "cold_start.svg"
_SHOWN = (BARE, *CUSTOMER_FACING, NODE, USUAL, EVERYTHING, USUAL_STALE)
_WIDTH, _LABELS, _FIGURES = 860, 290, 90
_ROW, _BAR, _RESTORED_BAR, _TOP, _BOTTOM = 28, 13, 5, 62, 48

_STYLE = """
  text { font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .note { font-size: 12px; fill: #59636e }
  .axis { stroke: #d1d9e0 }
  .init { fill: #8c959f } .request { fill: #c2c8cf }
  .ours .init { fill: #0969da } .ours .request { fill: #80b5f0 } .restored { fill: #1a7f37 }
  .goal { stroke: #cf222e; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .note { fill: #9198a1 } .axis { stroke: #3d444d }
    .init { fill: #848d97 } .request { fill: #545d68 }
    .ours .init { fill: #4493f8 } .ours .request { fill: #2a5c9c } .restored { fill: #3fb950 }
    .goal { stroke: #f85149 }
  }
"""


def write(document: Mapping[str, Any]) -> Path:
    """Draw a result's document in place of the last picture."""
    FILE.write_text(drawn(document), encoding="utf-8")
    return FILE


def drawn(document: Mapping[str, Any]) -> str:
    """Return the picture as SVG."""
    subjects = {subject["name"]: subject for subject in document["subjects"]}
    shown = [subjects[name] for name in _SHOWN if name in subjects]
    bare = subjects[BARE]["first_response_seconds"]
    longest = max(subject["first_response_seconds"] for subject in shown) / bare
    per_bare = (_WIDTH - _LABELS - _FIGURES) / longest
    height = _TOP + _ROW * len(shown) + _BOTTOM
    goal = next(
        target["at_most"] for target in document["targets"] if target["name"].startswith("whole cold")
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        "<title>Cold starts, and restores from a snapshot, until the first answer, ÷ a bare handler</title>",
        f"<style>{_STYLE}</style>",
        '<text class="title" x="8" y="24">Cold starts until the first answer, ÷ a bare handler</text>',
        '<text class="note" x="8" y="44">dark: init, light: first event, green: from a snapshot</text>',
    ]
    for number, subject in enumerate(shown):
        restored = subjects.get(restored_name(subject["name"]))
        parts.append(_bar(subject, restored, number, per_bare / bare))
    bottom = _TOP + _ROW * len(shown)
    parts.append(f'<line class="axis" x1="{_LABELS}" y1="{_TOP - 6}" x2="{_LABELS}" y2="{bottom}"/>')
    x = _LABELS + goal * per_bare
    parts.append(f'<line class="goal" x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{bottom}"/>')
    parts.append(
        f'<text class="note" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">target {goal:g}</text>'
    )
    said = (
        document["measuredAt"],
        document["machine"],
        f"medians of {document['rounds']}",
        document["command"],
    )
    note = " · ".join(said)
    parts.append(f'<text class="note" x="8" y="{height - 10}">{escape(note)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _bar(
    subject: Mapping[str, Any], restored: Mapping[str, Any] | None, number: int, per_second: float
) -> str:
    y = _TOP + _ROW * number
    init, whole = (subject[f"{name}_seconds"] * per_second for name in ("init", "first_response"))
    ours = ' class="ours"' if restored else ""
    middle = y + _BAR - 2
    bars = [("init", _LABELS, y, init, _BAR), ("request", _LABELS + init, y, whole - init, _BAR)]
    figures = f"{subject['divided_by_bare']:.1f}"
    if restored:
        width = restored["first_response_seconds"] * per_second
        bars.append(("restored", _LABELS, y + _BAR + 1, width, _RESTORED_BAR))
        figures += f", {restored['divided_by_bare']:.1f}"
    rectangles = "".join(
        f'<rect class="{name}" x="{x:.1f}" y="{top}" width="{width:.1f}" height="{height}"/>'
        for name, x, top, width, height in bars
    )
    return (
        f"<g{ours}>"
        f'<text x="{_LABELS - 8}" y="{middle}" text-anchor="end">{escape(subject["name"])}</text>{rectangles}'
        f'<text x="{_LABELS + whole + 6:.1f}" y="{middle}">{figures}</text>'
        "</g>"
    )
