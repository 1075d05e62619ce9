from collections.abc import Callable
from pathlib import Path

import pytest

from devtools.testing import load_test
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.stacks.stage import Stage
from stagectl.targets.target import Target

Write = Callable[[str, str], Path]
STAGE = Stage("dev", {}, Target("a test", {"PATH": "/bin", "AWS_REGION": "eu-central-1"}, is_emulator=False))
TELLING = """
import os, sys
from pathlib import Path
Path("told.txt").write_text(" ".join([os.environ["STAGE"], os.environ["AWS_REGION"], *sys.argv[1:]]))
"""


def test_the_scenario_runs_on_the_stage_with_its_options(checkout: Checkout, write: Write) -> None:
    write("tests-e2e/load/__main__.py", TELLING)

    assert load_test.run(checkout, STAGE, ["--users", "3"])

    assert (checkout.root / "told.txt").read_text() == "dev eu-central-1 --users 3"


def test_levels_that_do_not_hold_are_a_judgement(checkout: Checkout, write: Write) -> None:
    write("tests-e2e/load/__main__.py", "raise SystemExit(1)")

    assert not load_test.run(checkout, STAGE, [])


@pytest.mark.parametrize(
    "end", ["raise SystemExit(2)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_a_run_that_broke_off_is_none(checkout: Checkout, write: Write, end: str) -> None:
    write("tests-e2e/load/__main__.py", end)

    with pytest.raises(StagectlError, match="without a result"):
        load_test.run(checkout, STAGE, [])
