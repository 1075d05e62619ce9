"""The section of a service's README that shows its service-levels.yml."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stagectl.checkout.routes import routes_of
from stagectl.checkout.yaml_loader import load_mapping

FILE = "service-levels.yml"
_STANDARD = Path("shared-infra") / "signals" / "standard.yml"
_HEADING = "## Service levels\n"
_SECTION = re.compile(rf"^{_HEADING}.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_INTRODUCTION = (
    f"Generated from [`{FILE}`]({FILE}) by `stagectl generate`; the alarms and the load test's verdict "
    "follow\nfrom it too."
)
_OF_EVERY_SERVICE = "[signals of every service](../../shared-infra/signals/standard.yml)"


def readme_with_levels(root: Path, folder: Path) -> str:
    """Return a service's README with the section that follows from its levels."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    section = "\n".join([_HEADING, *_section(root, folder)]) + "\n\n"
    if not _SECTION.search(readme):
        readme = readme.replace("## Commands\n", f"{_HEADING}\n## Commands\n")
    return _SECTION.sub(lambda _: section, readme)


def _section(root: Path, folder: Path) -> Iterator[str]:
    levels = load_mapping(folder / FILE)
    standard = load_mapping(root / _STANDARD)
    routes = routes_of(load_mapping(folder / "serverless.yml"))
    names = {route.function: f"`{route.method} {route.path}`" for route in routes}
    objectives = levels.get("objectives") or {}
    promised = {names[function]: levels for function, levels in objectives.items()}
    if names.keys() - objectives.keys():
        promised["other routes" if objectives else "every route"] = standard["objectives"]["default"]
    promised |= levels.get("journeys") or {}
    yield _INTRODUCTION
    yield ""
    if promised:
        yield "| | 95 of 100 within | 99 of 100 within | |"
        yield "|---|---|---|---|"
        yield from (
            f"| {name} | {one['p95']:,} ms | {one['p99']:,} ms | {one['reason']} |"
            for name, one in promised.items()
        )
        yield ""
    watched: Mapping[str, Any] = (levels.get("signals") or {}) | (levels.get("composites") or {})
    if watched:
        yield "| alarm | |"
        yield "|---|---|"
        yield from (
            f"| [`{name}`](../../docs/runbooks.md#{one['runbook']}) | {one['reason']} |"
            for name, one in watched.items()
        )
        yield ""
    yield f"All functions and queues also have the {_OF_EVERY_SERVICE}."
