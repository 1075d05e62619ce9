"""A page is changed alone: no API is deployed with it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from stagectl.checkout import Checkout, services
from stagectl.checkout.changed_files import IN_EVERY_STACK
from stagectl.deployment.stack_inputs import StackInputs

from .conftest import ROOT


@pytest.fixture
def copied(tmp_path: Path) -> Checkout:
    """A copy of all that stacks are deployed from."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "services", *map(str, IN_EVERY_STACK)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return Checkout(tmp_path)


def test_changed_files_of_the_pages_deploy_their_stack_alone(copied: Checkout) -> None:
    inputs = StackInputs(copied, stage="local", parameters=[], environment={}, tools="")
    stacks = services.discover(copied.root)
    before = {name: inputs.digest(stack) for name, stack in stacks.items()}
    for name in ("scripts/words.js", "web/templates/index.html", "web/assets/style.css"):
        path = Path(copied.root, "services/web", name)
        path.write_text(f"{path.read_text()}\n")

    after = {name: inputs.digest(stack) for name, stack in stacks.items()}

    assert {name for name in after if after[name] != before[name]} == {"web"}
    assert None not in after.values()
