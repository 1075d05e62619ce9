"""The programs of this machine that a package depends on."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from stagectl.checkout import Checkout
from stagectl.checkout.yaml_loader import load_mapping


@dataclass(frozen=True)
class PackageTools:
    """The programs that make packages.

    Attributes:
        runtime: The Lambdas' runtime, such as `python3.13`.
        node: Version of Node.
        interpreter: Version of the interpreter that makes bytecode for the runtime; None when there is none.
    """

    runtime: str
    node: str
    interpreter: str | None


def find(checkout: Checkout, environment: Mapping[str, str]) -> PackageTools | None:
    """Return what `sls package` would use in an environment, None when the checkout is not set up.

    Args:
        checkout: The checkout that is packaged.
        environment: Environment of sls.
    """
    try:
        defaults = load_mapping(checkout.root / "shared-infra" / "defaults.yml")
        runtime = str(defaults.get("provider", {}).get("runtime"))
        told = subprocess.run(
            ["node", str(checkout.root / "libs" / "serverless_plugins" / "tools.cjs"), runtime],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        versions = json.loads(told)
        return PackageTools(runtime, versions["node"], versions.get("interpreter"))
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None
