"""Metrics: what each means, who owns it, which functions count it, and which alarms watch it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stagectl.checkout.yaml_loader import load_mapping

_FILE = "service-levels.yml"
_STANDARD = Path("shared-infra") / "signals" / "standard.yml"
_EVERY_SERVICE = "every service"


def declared(root: Path) -> list[dict[str, Any]]:
    """Return the metrics that service-levels.yml and signals/standard.yml define, by owner and name."""
    levels = {path.parent.name: load_mapping(path) for path in sorted(root.glob(f"services/*/{_FILE}"))}
    standard = load_mapping(root / _STANDARD)
    uses = list(_uses(levels))
    return [
        *(
            _metric(owner, name, metric, [use for use in uses if use[:2] == (owner, name)])
            for owner, one in levels.items()
            for name, metric in sorted((one.get("metrics") or {}).items())
        ),
        *(
            _metric(_EVERY_SERVICE, name, metric, [use for use in uses if use[1] == name])
            for name, metric in sorted(standard["metrics"].items())
        ),
    ]


def _uses(levels: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield (owner, metric, function, alarm) for every graph and alarm of a service that reads a metric."""
    for owner, one in levels.items():
        for graph in one.get("dashboard") or ():
            for metric in graph["metrics"]:
                yield owner, metric["name"], metric.get("function"), None
        for alarm, signal in (one.get("signals") or {}).items():
            metric = signal["metric"]
            yield owner, metric["name"], metric.get("function"), alarm


def _metric(
    owner: str,
    name: str,
    metric: Mapping[str, Any],
    uses: list[tuple[str, str, str | None, str | None]],
) -> dict[str, Any]:
    functions = {function for _, _, function, _ in uses if function}
    alarms = {alarm for *_, alarm in uses if alarm} | set(metric.get("alarms", ()))
    return {
        "owner": owner,
        "name": name,
        "unit": metric["unit"],
        "means": metric["means"],
        "functions": sorted(functions),
        "alarms": sorted(alarms),
    }
