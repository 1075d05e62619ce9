"""The fields of log lines: what each means, and whether it is personal data."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stagectl.checkout.yaml_loader import load_mapping

_DECLARED = Path(__file__).with_name("log_fields.yml")
_WRITERS = frozenset({"append_context_keys", "append_keys", "debug", "error", "info", "log_error", "warning"})
_OUTLINE = Path("libs/service_kit/service_kit/_safe/event_outline.py")
_SHOWN = "_VALUES"
# They are about how a line is written, and not in it.
_NOT_FIELDS = frozenset({"exc_info", "extra", "stacklevel"})


def declared() -> list[dict[str, Any]]:
    """Return the fields that log_fields.yml declares, by name."""
    return [
        {"name": name, "means": field["means"], "personalData": field.get("personalData")}
        for name, field in sorted(load_mapping(_DECLARED).items())
    ]


def shown_of_events(root: Path) -> list[str]:
    """Return the members of events that lines of level DEBUG may show, by name."""
    tree = ast.parse((root / _OUTLINE).read_text("utf-8"))
    [shown] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == _SHOWN and node.value
    ]
    return sorted(ast.literal_eval(key) for key in shown.keys if key) if isinstance(shown, ast.Dict) else []


def written(folder: Path) -> set[str]:
    """Return the names of the fields that the code in a folder writes by name."""
    return {name for path in folder.rglob("*.py") for name in _named_in(path)}


def _named_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _WRITERS:
            yield from (one.arg for one in node.keywords if one.arg and one.arg not in _NOT_FIELDS)
