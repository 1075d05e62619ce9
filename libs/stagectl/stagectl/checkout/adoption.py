"""The table `[tool.stagectl]` of a repository that uses stagectl without the rest of this one."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stagectl.errors import UsageError

TABLE = "[tool.stagectl]"
_FILE = "pyproject.toml"
_DEFAULTS: dict[str, Any] = {"permanent-stages": ["dev", "staging", "prod"]}
_EXAMPLE = f'{TABLE} with project = "my-product" and services = ["services/*/serverless.yml"]'


@dataclass(frozen=True)
class Adoption:
    """What a repository says of itself.

    Attributes:
        project: Value of the tag `project` of its stacks.
        services: Patterns of its serverless.yml files, relative to the root.
        permanent_stages: Stages that never expire and are not removed.
    """

    project: str
    services: tuple[str, ...]
    permanent_stages: frozenset[str]


def root_of(folder: Path) -> Path:
    """Return the folder with the table, which is this one or above it.

    Raises:
        UsageError: There is none.
    """
    for candidate in (folder, *folder.parents):
        if _table(candidate) is not None:
            return candidate
    raise UsageError(f"No {_FILE} in {folder} or above it has the table {_EXAMPLE}.")


def read(root: Path) -> Adoption | None:
    """Return the table of a repository, None when it has none.

    Raises:
        UsageError: The table is not valid.
    """
    table = _table(root)
    if table is None:
        return None
    given = _DEFAULTS | table
    known = {"project": str, "services": list, "permanent-stages": list}
    for name, kind in known.items():
        if not isinstance(given.get(name), kind) or not all(isinstance(one, str) for one in given[name]):
            raise UsageError(f"{root / _FILE}: {name} is missing or wrong. An example: {_EXAMPLE}.")
    if unknown := given.keys() - known:
        raise UsageError(
            f"{root / _FILE}: {TABLE} has no setting {min(unknown)}. Settings: {', '.join(known)}."
        )
    return Adoption(given["project"], tuple(given["services"]), frozenset(given["permanent-stages"]))


def _table(root: Path) -> dict[str, Any] | None:
    try:
        text = (root / _FILE).read_text(encoding="utf-8")
        # Parsing takes longer than all else that a command needs of the file.
        found = tomllib.loads(text).get("tool", {}).get("stagectl") if "stagectl" in text else None
    except FileNotFoundError:
        return None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{root / _FILE} is not valid TOML: {error}.") from None
    return found if isinstance(found, dict) else None
