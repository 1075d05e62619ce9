"""Each Python lock names its command, in a form that Renovate can run."""

import json
import re
from pathlib import Path

import pytest

from devtools.supply_chain import locks
from stagectl.checkout import Checkout
from stagectl.system.child_process import Children

from .conftest import ROOT

COMMANDS = locks.commands(Checkout(ROOT), Children())
# Renovate refuses others: https://docs.renovatebot.com/modules/manager/pip-compile/
OPTION = re.compile(
    r"--universal|--generate-hashes|--(?:python-version|exclude-newer|output-file|constraints)=\S+"
)


@pytest.mark.parametrize("lock", COMMANDS, ids=str)
def test_a_lock_is_universal_hashed_and_of_packages_that_are_a_week_old(lock: Path) -> None:
    uv, pip, compile_, *arguments = COMMANDS[lock]

    assert (uv, pip, compile_) == ("uv", "pip", "compile")
    options = [argument for argument in arguments if argument.startswith("-")]
    assert [option for option in options if not OPTION.fullmatch(option)] == []
    assert {"--universal", "--generate-hashes", "--exclude-newer=P7D", f"--output-file={lock}"} <= set(
        options
    )
    assert [source for source in arguments if not (source in options or (ROOT / source).is_file())] == []


def test_renovate_finds_each_lock_and_waits_as_long_as_its_command() -> None:
    configuration = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))
    [pattern] = configuration["pip-compile"]["managerFilePatterns"]

    assert [lock for lock in COMMANDS if not re.search(pattern.strip("/"), str(lock))] == []
    assert configuration["minimumReleaseAge"] == f"{locks.NODE_AGE.days} days"


def test_npm_writes_no_address_into_its_lock_whoever_runs_it() -> None:
    assert (
        "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8").splitlines()
    )
