"""Log lines as people read them, and as programs do."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.text import Text

from stagectl.terminal.json_document import iso_time, shown_clock

_LEVELS = {"DEBUG": "dim", "INFO": "green", "WARNING": "yellow", "ERROR": "red", "CRITICAL": "bold red"}
_WIDEST_LEVEL = len("CRITICAL")
# In the line's own columns, or the same in every line of a function.
_LEFT_OUT = frozenset(
    {"timestamp", "level", "message", "service", "function_arn", "function_memory_size", "function_name"}
)


def pretty(written_at: datetime, source: str, text: str) -> Text:
    """Return a line with time, source, level, message and the other keys of its document.

    Args:
        written_at: When it was written, with an offset; shown in UTC.
        source: What wrote it, such as `orders/place-order`.
        text: The line; the document of a structured log, or anything else.
    """
    entry = _document(text)
    level = str(entry.get("level", ""))
    line = Text(f"{shown_clock(written_at)} ", style="dim")
    line.append(source, style="cyan")
    line.append(f" {level:<{_WIDEST_LEVEL}} ", style=_LEVELS.get(level, "dim"))
    if "message" not in entry:
        return line.append(text, style="default")
    line.append(_shown(entry["message"]), style="default")
    for key, value in entry.items():
        if key not in _LEFT_OUT and value is not None:
            line.append(f" {key}=", style="dim")
            line.append(_shown(value), style="default")
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
    # A line is one line: line ends, such as those of a stack trace, are shown as JSON does.
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(text, ensure_ascii=False)
