"""A small checkout with stand-ins for the programs that stagectl runs."""

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from stagectl.checkout import Checkout

collect_ignore_glob = [
    "devtools/devtools/commands/*",  # `test` is a command, and no module of tests
    "devtools/devtools/template/without_examples/*",  # not-in-new-products
]

FAKE_SLS = Path(__file__).parent / "stagectl" / "tests" / "fakes" / "sls.py"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file of the checkout with its folders; the text may be indented."""

    def write_file(relative: str, text: str) -> Path:
        path = tmp_path / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def checkout(tmp_path: Path, write: Callable[[str, str], Path]) -> Checkout:
    """A checkout whose sls is stagectl/tests/fakes/sls.py and whose interpreters are this one."""
    found = Checkout(tmp_path)
    write("shared-infra/serverless.yml", "service: shared-infra")
    for link in (found.python, found.emulator_python):
        link.parent.mkdir(parents=True)
        link.symlink_to(sys.executable)
    write("node_modules/.bin/sls", f'#!/bin/sh\nexec "{sys.executable}" "{FAKE_SLS}" "$@"\n').chmod(0o755)
    return found
