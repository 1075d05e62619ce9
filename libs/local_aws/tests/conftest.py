"""A running emulator, which tests ask as AWS would be asked."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl import processes
from stagectl.checkout import Checkout
from stagectl.emulator import Emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    running = Emulator(Checkout(Path(__file__).parents[3]), processes.free_port())
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(running.folder, ignore_errors=True)
