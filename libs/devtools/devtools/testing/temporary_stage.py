"""Stages that exist for one run, on an emulator whose port is that run's alone."""

import shutil

from stagectl.stacks.stage import Stage


def stop(stage: Stage, *, keep_log: bool) -> None:
    """Stop a stage's emulator, if it has one.

    Args:
        stage: The stage.
        keep_log: Leave its log; otherwise it is deleted.
    """
    machine = stage.target.emulator
    if machine and machine.stop() and not keep_log:
        shutil.rmtree(machine.folder)
