"""Draw the dashboards of production as a picture: docs/dashboards.svg.

It shows what each graph reads, in the dashboards' own layout, and no data.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

PICTURE = Path("docs") / "dashboards.svg"
STAGE = "prod"
_DASHBOARD = "AWS::CloudWatch::Dashboard"
# A dashboard has 24 columns; a row of its grid is as high as its largest legend needs.
_PIXELS_OF_A_COLUMN, _PIXELS_OF_A_ROW = 40, 26
_MARGIN, _HEADING, _LINE = 10, 44, 15
_MOST_LINES = 7
_COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2")


def draw(templates: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the picture of the dashboards in compiled templates, by the names of their stacks."""
    parts: list[str] = []
    top = 0
    # The product's comes first.
    for name in sorted(templates, key=lambda name: (name != "shared-infra", name)):
        resources = templates[name]["Resources"]
        for resource in resources.values():
            if resource["Type"] == _DASHBOARD:
                properties = resource["Properties"]
                widgets = json.loads(properties["DashboardBody"]["Fn::Sub"])["widgets"]
                parts.append(_text(_MARGIN, top + 28, properties["DashboardName"], size=18, weight="bold"))
                parts += [line for widget in widgets for line in _graph(widget, top + _HEADING)]
                top += _HEADING + max(one["y"] + one["height"] for one in widgets) * _PIXELS_OF_A_ROW
    width, height = 24 * _PIXELS_OF_A_COLUMN, top + _MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
    )
    return "\n".join(
        [head, f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>', *parts, "</svg>", ""]
    )


def _graph(widget: Mapping[str, Any], top: int) -> Iterator[str]:
    x = widget["x"] * _PIXELS_OF_A_COLUMN + _MARGIN
    y = widget["y"] * _PIXELS_OF_A_ROW + top
    width = widget["width"] * _PIXELS_OF_A_COLUMN - 2 * _MARGIN
    height = widget["height"] * _PIXELS_OF_A_ROW - _MARGIN
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="#fff" stroke="#d5dbdb"/>'
    yield _text(x + 12, y + 22, widget["properties"]["title"], size=13, weight="bold")
    labels = [_label(metric) for metric in widget["properties"]["metrics"]]
    shown = labels if len(labels) <= _MOST_LINES else labels[: _MOST_LINES - 1]
    for index, label in enumerate(shown):
        line = y + 42 + index * _LINE
        yield f'<rect x="{x + 12}" y="{line - 8}" width="14" height="3" fill="{_COLOURS[index]}"/>'
        yield _text(x + 32, line, label)
    if len(shown) < len(labels):
        yield _text(x + 32, y + 42 + len(shown) * _LINE, f"and {len(labels) - len(shown)} more")


def _label(metric: list[Any]) -> str:
    label: str = metric[-1]["label"]
    service, _, rest = label.partition(f"-{STAGE}-")
    return rest or service


def _text(x: int, y: int, text: str, *, size: int = 11, weight: str = "normal") -> str:
    style = f'font-size="{size}" font-weight="{weight}" fill="#16191f"'
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'
