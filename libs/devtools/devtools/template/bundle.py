"""Make the template of a checkout a single file, which a release carries."""

import tempfile
from pathlib import Path

from devtools.template import making
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children


def write(checkout: Checkout, path: Path) -> None:
    """Write the template of a checkout's commit as a git bundle, which can be cloned and fetched from.

    Raises:
        UsageError: The checkout has changes without a commit.
        StagectlError: git failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        making.make(checkout, template)
        ran = Children().run(["git", "bundle", "create", str(path), "--all"], cwd=template)
    if ran.exit_code:
        raise StagectlError(f"git bundle failed: {ran.output.strip()}")
