"""The parameters of a stage in `shared-infra/params.yml`."""

from collections.abc import Mapping
from pathlib import Path

from stagectl.checkout.yaml_loader import load_mapping

FILE = Path("shared-infra") / "params.yml"


def declared(root: Path, stage: str, name: str) -> object:
    """Return a parameter of a stage as declared for it or by default, None when it is neither."""
    path = root / FILE
    sections = load_mapping(path) if path.is_file() else {}
    for section in (sections.get(stage), sections.get("default")):
        if isinstance(section, Mapping) and section.get(name) is not None:
            return section[name]
    return None
