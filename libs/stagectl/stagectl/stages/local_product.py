"""`npm start` and `npm stop`: the whole product on this machine."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from stagectl.checkout import Checkout
from stagectl.deployment import seed
from stagectl.errors import EmulatorError
from stagectl.stacks import published
from stagectl.stacks.stage import Stage
from stagectl.stages import lifecycle
from stagectl.stages.auto_accept import AutoAccept
from stagectl.stages.orders import Orders
from stagectl.targets import emulator
from stagectl.targets.emulator import Emulator
from stagectl.targets.target import LOCAL_STAGE
from stagectl.terminal import console

_WATCH_SECONDS = 0.5

Attendance = Callable[[Checkout, Stage], AbstractContextManager[Callable[[], None]]]
"""Makes what a command does again and again while the product runs, each time for a second at most."""


@contextmanager
def waiting(_checkout: Checkout, _stage: Stage) -> Iterator[Callable[[], None]]:
    """Do nothing while the product runs."""
    yield lambda: time.sleep(_WATCH_SECONDS)


@contextmanager
def accepting_orders(checkout: Checkout, stage: Stage) -> Iterator[Callable[[], None]]:
    """Accept each order after some seconds while the product runs."""
    yield AutoAccept(Orders(checkout, stage)).serve


def start(checkout: Checkout, port: int, *, detach: bool = False, attend: Attendance = waiting) -> None:
    """Deploy the stage `local` to the emulator on a port and print how to use it.

    Without `detach`, run until interrupted and then stop the emulator, also one that an earlier command
    started.

    Args:
        checkout: The checkout to deploy.
        port: Port of the emulator.
        detach: Return when the product is ready and leave it running.
        attend: What to do while this runs.

    Raises:
        PortTakenError: Another command of this checkout starts the product on the port, or keeps it there.
        StagectlError: It did not come up; an emulator that this command started is stopped.
    """
    stage = lifecycle.find(checkout, LOCAL_STAGE, port=port)
    machine = _emulator_of(stage)
    with machine.reserved("which runs `npm start`"):
        _bring_up(checkout, stage, machine, detach=detach)
        if detach:
            return
        try:
            with attend(checkout, stage) as step:
                _stay(checkout, machine, step)
        finally:
            machine.stop()
            console.say("Stopped.")


def stop(checkout: Checkout, ports: list[int] | None) -> list[int]:
    """Stop the emulators of this checkout on some ports, or on all when None; returns those that ran."""
    known = emulator.known_emulators(checkout)
    wanted = [machine for machine in known if ports is None or machine.port in ports]
    return [machine.port for machine in wanted if machine.stop()]


def _bring_up(checkout: Checkout, stage: Stage, machine: Emulator, *, detach: bool) -> None:
    since = time.monotonic()
    if not machine.is_alive():
        console.say(f"Starting the emulator on port {machine.port}")
    is_ours = machine.start()
    try:
        lifecycle.bring_up(checkout, stage)
        console.say(f"Ready in {time.monotonic() - since:.1f} s")
        _introduce(checkout, stage, machine, detach=detach)
    except BaseException:
        if is_ours:
            machine.stop()
        raise


def _introduce(checkout: Checkout, stage: Stage, machine: Emulator, *, detach: bool) -> None:
    urls = published.service_urls(stage.name, stage.stacks.values())
    page = urls.get(published.LANDING_PAGE)
    console.say("")
    if page:
        console.result(f"{'Big Mouth is ready:':<22} {page}")
        console.result(f"For restaurants:       {page}/restaurant")
    else:
        console.result(f"{'Big Mouth is ready:':<22} {', '.join(stage.stacks)}")
        for name, url in urls.items():
            console.result(f"{f'{name}:':<22} {url}")
    if not urls:
        console.say("Add its first service: stagectl new-service NAME")
    seed.show_sign_ins(checkout, stage.name, stage.target)
    console.say(f"Log of the emulator:   {checkout.shown(machine.log)}")
    if detach:
        console.say(f"Stop it with:          npm stop -- --port {machine.port}")
    else:
        console.say("Stop it with:          Ctrl-C")


def _stay(checkout: Checkout, machine: Emulator, meanwhile: Callable[[], None]) -> None:
    while machine.is_alive():
        meanwhile()
    if machine.was_stopped():
        console.say("Another command stopped the emulator.")
        return
    raise EmulatorError(
        f"The emulator ended unexpectedly. Its log: {checkout.shown(machine.log)}. Start it again: npm start."
    )


def _emulator_of(stage: Stage) -> Emulator:
    if stage.target.emulator is None:
        raise EmulatorError(f"Stage {stage.name} is not on an emulator of this checkout.")
    return stage.target.emulator
