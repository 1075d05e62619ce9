"""Log lines as people read them, and as programs do."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.text import Text

from stagectl.terminal.json_document import iso_time, shown_clock

_LEVELS = {"DEBUG": "dim", "INFO": "green", "WARNING": "yellow", "ERROR": "red", "CRITICAL": "bold red"}
_WIDEST_LEVEL = len("CRITICAL")
# In the line's own columns, or the same in every line of a function or an invocation.
_LEFT_OUT = frozenset(
    {
        *("timestamp", "level", "message", "service", "stage", "function", "sampling_rate", "_aws"),
        *("function_arn", "function_memory_size", "function_name", "function_request_id"),
    }
)
# After what a line is about.
_LAST = ("correlation_id", "location")
_BEGIN_OR_END = re.compile(r"(INIT_START|START|END) ")
_REPORT = re.compile(
    r"REPORT .*?Duration: ([\d.]+ ms).*?Memory Size: (\d+) MB\s+Max Memory Used: (\d+) MB", re.DOTALL
)


def pretty(written_at: datetime, source: str, text: str) -> Text | None:
    """Return a line with time, source, level, message and the other keys of its document.

    The lines by which Lambda begins and ends an invocation are left out (None), and its report is shortened.
    A stack trace follows in indented lines.

    Args:
        written_at: When it was written, with an offset; shown in UTC.
        source: What wrote it, such as `orders/place-order`.
        text: The line; the document of a structured log, or anything else.
    """
    if _BEGIN_OR_END.match(text):
        return None
    entry = _document(text)
    level = str(entry.get("level", ""))
    line = Text(f"{shown_clock(written_at)} ", style="dim")
    line.append(source, style="cyan")
    line.append(f" {level:<{_WIDEST_LEVEL}} ", style=_LEVELS.get(level, "dim"))
    if report := _REPORT.match(text):
        return line.append(f"took {report[1]}, {report[3]} of {report[2]} MB", style="dim")
    if "message" not in entry and "_aws" not in entry:
        return line.append(text, style="default")
    line.append(_shown(entry.get("message", "metrics")), style="default" if "message" in entry else "dim")
    traces = []
    for key in sorted(entry.keys() - _LEFT_OUT, key=lambda key: (key in _LAST, [*entry].index(key))):
        value = entry[key]
        if value is None or value is False or (key == "request_id" and value == entry.get("correlation_id")):
            continue
        if isinstance(value, str) and "\n" in value:
            traces.append(value)
            continue
        line.append(f" {key}=", style="dim")
        line.append(_shown(value), style="dim" if key in _LAST else "default")
    for trace_line in "\n".join(traces).splitlines():
        line.append(f"\n    {_shown(trace_line)}", style="default")
    return line


def as_json(written_at: datetime, source: str, text: str) -> str:
    """Return a line as a JSON object in one line: its document, or else its time and text.

    Characters beyond ASCII are escaped, so that what others wrote cannot steer a terminal.
    """
    entry = _document(text) or {"timestamp": iso_time(written_at, timespec="milliseconds"), "message": text}
    service, _, function = source.partition("/")
    return json.dumps({"service": service, "function": function, **entry})


def _document(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _shown(value: Any) -> str:
    # What others wrote cannot steer a terminal.
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(text, ensure_ascii=False)
