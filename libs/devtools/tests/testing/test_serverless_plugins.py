"""The plugins' own tests, which are in JavaScript as they are."""

import subprocess
from pathlib import Path

PLUGINS = Path(__file__).parents[3] / "serverless_plugins"


def test_the_plugins_pass_their_tests() -> None:
    tests = sorted(map(str, PLUGINS.glob("tests/*.test.cjs")))
    completed = subprocess.run(["node", "--test", *tests], capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout
    assert tests
