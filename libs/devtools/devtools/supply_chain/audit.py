"""Compare the advisories for locked packages with those that are accepted, each with its reason.

A package that could not be audited may have some: pip-audit ends with 0 although no service answered.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devtools import tool_environments
from devtools.supply_chain import locks
from stagectl.checkout import Checkout
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

ACCEPTED = Path("libs") / "devtools" / "supply_chain" / "accepted-advisories.yml"
TOOLS = "supply_chain"


@dataclass(frozen=True, order=True)
class Advisory:
    """A known vulnerability of a locked package.

    Attributes:
        advisory: Its id, such as `GHSA-…` or `PYSEC-…`.
        package: The package.
        versions: The locked version for Python, the affected ones for Node.
        fixed_in: Versions without it; empty when there is none.
    """

    advisory: str
    package: str
    versions: str
    fixed_in: str


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes:
        open: Advisories that are not accepted.
        unneeded: Accepted advisories that concern no locked package.
    """

    open: Collection[Advisory]
    unneeded: Collection[str]


def compare(checkout: Checkout) -> Audit:
    """Ask the advisory services of PyPI and npm about every locked package.

    Raises:
        StagectlError: A service was not reached, or a package could not be audited.
    """
    children = Children()
    accepted = set(load_mapping(checkout.root / ACCEPTED)["accepted"] or ())
    found = {*_of_python(checkout, children), *_of_node(checkout, children)}
    return Audit(
        sorted(one for one in found if one.advisory not in accepted),
        sorted(accepted - {one.advisory for one in found}),
    )


def _of_python(checkout: Checkout, children: Children) -> Iterator[Advisory]:
    program = tool_environments.program(checkout, children, TOOLS, "pip-audit")
    for lock in locks.commands(checkout, children):
        command = [program, "--progress-spinner=off", "--disable-pip", "--require-hashes", "--format=json"]
        yield from python_advisories(_output(checkout, children, [*command, "-r", str(lock)]), lock)


def python_advisories(output: str, lock: Path) -> Iterator[Advisory]:
    """Yield the advisories in the output of pip-audit.

    Raises:
        StagectlError: It is no report, or pip-audit skipped a package.
    """
    report = _document(output, "dependencies", f"pip-audit could not audit {lock}")
    skipped = [entry["skip_reason"] for entry in report["dependencies"] if "skip_reason" in entry]
    if skipped:
        raise StagectlError(
            f"pip-audit could not audit {len(skipped)} packages of {lock}, so they may have vulnerabilities. "
            f"Is the advisory service reached?\n  {skipped[0]}"
        )
    for entry in report["dependencies"]:
        for found in entry["vulns"]:
            fixed_in = ", ".join(found["fix_versions"])
            yield Advisory(found["id"], entry["name"], entry["version"], fixed_in)


def _of_node(checkout: Checkout, children: Children) -> Iterator[Advisory]:
    yield from node_advisories(_output(checkout, children, ["npm", "audit", "--json"]))


def node_advisories(output: str) -> Iterator[Advisory]:
    """Yield the advisories in the output of `npm audit --json`.

    Raises:
        StagectlError: It is no report.
    """
    report = _document(output, "vulnerabilities", f"npm could not audit {locks.NODE_LOCK}")
    for entry in report["vulnerabilities"].values():
        for cause in entry["via"]:
            if isinstance(cause, dict):  # a text names another entry
                fixed_in = "a newer version" if entry["fixAvailable"] else ""
                yield Advisory(cause["url"].rpartition("/")[2], cause["name"], cause["range"], fixed_in)


def _output(checkout: Checkout, children: Children, command: list[str]) -> str:
    """Return what an auditor prints; its exit code does not tell findings from failures."""
    return children.run(command, cwd=checkout.root, environment=dict(os.environ)).output


def _document(output: str, member: str, failure: str) -> Mapping[str, Any]:
    """Return the report that begins on a line of the output of an auditor, after its warnings."""
    begins = 0 if output.startswith("{") else output.find("\n{") + 1
    try:
        report, _ = json.JSONDecoder().raw_decode(output, begins)
    except json.JSONDecodeError:
        report = None
    if not isinstance(report, dict) or member not in report:
        raise StagectlError(f"{failure}. Is the advisory service reached?\n{output.strip()[-1000:]}")
    return report
