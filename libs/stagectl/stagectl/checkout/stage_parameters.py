"""The parameters of a stage in `shared-infra/params.yml`."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import UsageError
from stagectl.terminal import hints

FILE = Path("shared-infra") / "params.yml"
_REFERENCE = re.compile(r"\$\{param:(\w+)\}")


def sections(root: Path) -> dict[str, Any]:
    """Return the parameters of all stages, by stage and `default`."""
    path = root / FILE
    return load_mapping(path) if path.is_file() else {}


def names(root: Path) -> list[str]:
    """Return the names of all parameters, sorted."""
    return sorted(
        {name for section in sections(root).values() if isinstance(section, Mapping) for name in section}
    )


def check(root: Path, given: Iterable[str]) -> None:
    """Check the parameters of a deployment: sls ignores those that no template reads.

    Args:
        root: Root of the checkout.
        given: The parameters, as `name=value`.

    Raises:
        UsageError: One has another form, or is not declared.
    """
    known = names(root)
    for one in given:
        name, separator, _ = one.partition("=")
        if not separator:
            raise UsageError(f"--param {one} must have the form name=value.")
        if known and name not in known:
            raise UsageError(hints.unknown("parameter", name, known, where=f" in {FILE}"))


def declared(root: Path, stage: str, name: str) -> object:
    """Return a parameter of a stage as declared for it or by default, None when it is neither."""
    found = sections(root)
    for section in (found.get(stage), found.get("default")):
        if isinstance(section, Mapping) and section.get(name) is not None:
            return section[name]
    return None


def effective(root: Path, stage: str, name: str, given: Iterable[str]) -> str:
    """Return a parameter of a deployment as text: as given for it, else as declared; empty when neither.

    Args:
        root: Root of the checkout.
        stage: Stage name.
        name: Name of the parameter.
        given: Parameters of the deployment, as `name=value`; the last one counts.
    """
    passed = [value for key, _, value in (one.partition("=") for one in given) if key == name]
    value = passed[-1] if passed else declared(root, stage, name)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def resolved(root: Path, stage: str, value: object) -> object:
    """Return a value of a serverless.yml, or the parameter of the stage that stands in its place."""
    reference = _REFERENCE.fullmatch(str(value))
    return declared(root, stage, reference[1]) if reference else value
