"""The versions of Python and Node that are supported are those that the workflow `matrix` tests."""

import json
import re
import tomllib

from stagectl.checkout.yaml_loader import load_mapping
from stagectl.readiness import versions

from .conftest import ROOT

TESTED = load_mapping(ROOT / ".github" / "workflows" / "matrix.yml")["jobs"]["test"]["strategy"]["matrix"][
    "include"
]


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def test_the_oldest_and_the_newest_are_tested_on_linux_and_each_system_has_both_pythons() -> None:
    linux = [one for one in TESTED if one["machine"].startswith("ubuntu")]
    assert {systems.split("-")[0] for systems in (one["machine"] for one in TESTED)} == {"ubuntu", "macos"}

    pythons, nodes = ({numbers(one[key]) for one in linux} for key in ("python", "node"))
    assert (min(pythons), max(pythons)) == (versions.PYTHON.oldest, versions.PYTHON.newest)
    assert (min(nodes), max(nodes)) == (versions.NODE.oldest[:1], versions.NODE.newest)


def test_npm_and_pip_refuse_what_is_older() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert numbers(package["engines"]["node"]) == versions.NODE.oldest
    assert numbers(project["project"]["requires-python"]) == versions.PYTHON.oldest
