"""The parameters of a stage in `shared-infra/params.yml`."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from stagectl.checkout.yaml_loader import load_mapping

FILE = Path("shared-infra") / "params.yml"
_REFERENCE = re.compile(r"\$\{param:(\w+)\}")


def declared(root: Path, stage: str, name: str) -> object:
    """Return a parameter of a stage as declared for it or by default, None when it is neither."""
    path = root / FILE
    sections = load_mapping(path) if path.is_file() else {}
    for section in (sections.get(stage), sections.get("default")):
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
