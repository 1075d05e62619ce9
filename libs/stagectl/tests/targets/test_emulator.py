import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest

from stagectl.checkout import Checkout
from stagectl.errors import EmulatorError, PortTakenError
from stagectl.system import processes
from stagectl.targets import emulator
from stagectl.targets.emulator import Emulator, EmulatorState

Make = Callable[..., Emulator]

FAKE = str(Path(__file__).parents[1] / "fakes" / "emulator.py")


@pytest.fixture
def make(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    monkeypatch.setattr(emulator, "STOP_GRACE_SECONDS", 0.3)
    made: list[Emulator] = []

    def factory(*arguments: str, port: int | None = None) -> Emulator:
        machine = Emulator(
            checkout, port or processes.free_port(), command=[sys.executable, FAKE, *arguments]
        )
        made.append(machine)
        return machine

    yield factory
    for machine in made:
        machine.stop()


def pid_of(machine: Emulator) -> int:
    pid = machine.pid()
    assert pid is not None
    return pid


def runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_it_starts_answers_and_stops_without_a_trace(make: Make) -> None:
    machine = make()

    assert machine.state() is EmulatorState.STOPPED
    assert machine.start() is True
    assert machine.state() is EmulatorState.HEALTHY
    assert machine.stop() is True

    assert machine.state() is EmulatorState.STOPPED
    assert not processes.is_listening(machine.port)
    assert not (machine.folder / "tmp").exists()


def test_one_that_runs_is_used_again_by_another_command(make: Make) -> None:
    first = make()
    first.start()
    second = make(port=first.port)

    assert second.start() is False
    assert second.pid() == first.pid()


def test_workers_that_ignore_the_request_to_end_are_ended_too(make: Make) -> None:
    machine = make("worker")
    machine.start()
    family = processes.members_of_session(pid_of(machine))
    assert len(family) == 2

    machine.stop()

    assert not any(runs(process) for process in family)


def test_workers_left_by_a_killed_emulator_are_ended_by_stop(make: Make) -> None:
    machine = make("worker")
    machine.start()
    leader = pid_of(machine)
    [worker] = [process for process in processes.members_of_session(leader) if process.pid != leader]
    os.kill(leader, signal.SIGKILL)
    os.waitpid(leader, 0)

    assert not machine.is_alive()
    assert not machine.was_stopped()
    machine.stop()

    assert machine.was_stopped()
    assert not runs(worker)


def test_one_that_does_not_answer_is_replaced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = make()
    machine.start()
    stuck = psutil.Process(pid_of(machine))
    stuck.suspend()
    monkeypatch.setattr(emulator, "_HEALTH_TIMEOUT_SECONDS", 0.3)

    assert machine.state() is EmulatorState.UNHEALTHY
    assert machine.start() is True
    assert machine.state() is EmulatorState.HEALTHY
    assert machine.pid() != stuck.pid


def test_two_run_side_by_side(make: Make) -> None:
    machines = [make(), make()]

    assert [machine.start() for machine in machines] == [True, True]
    machines[0].stop()

    assert machines[1].state() is EmulatorState.HEALTHY


def test_a_taken_port_is_named_with_its_holder_and_the_way_out(make: Make) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        machine = make(port=server.server_port)

        with pytest.raises(PortTakenError) as raised:
            machine.start()

    assert f"Port {machine.port} is taken by process {os.getpid()}" in str(raised.value)
    assert f"BIGMOUTH_PORT={machine.port + 1}" in str(raised.value)


def test_one_that_ends_at_once_is_reported_with_its_last_words(make: Make) -> None:
    with pytest.raises(EmulatorError, match=r"code 3:\nthe disk is made of cheese"):
        make("fail").start()


def test_a_process_that_inherited_the_number_is_not_taken_for_the_emulator(make: Make) -> None:
    machine = make()
    machine.start()
    identity = machine.folder / "process.json"
    text = identity.read_text()
    identity.write_text(text.replace('"started_at": 1', '"started_at": 0'))

    assert not machine.is_alive()
    identity.write_text(text)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"4711",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"pid": -5, "started_at": 1.0}',
        b'{"pid": 0, "started_at": 1.0}',
        b'{"pid": "4711", "started_at": 1.0}',
        b'{"pid": 1e300, "started_at": 1.0}',
        b'{"pid": 99999999999999999999999, "started_at": 1.0}',
        b'{"pid": 1, "started_at": "noon"}',
        b'{"pid": 1, "started_at": NaN}',
        b'{"pid": 1}',
    ],
)
def test_a_damaged_record_of_the_process_is_replaced(make: Make, content: bytes) -> None:
    machine = make()
    machine.folder.mkdir(parents=True)
    (machine.folder / "process.json").write_bytes(content)

    assert machine.state() is EmulatorState.STOPPED
    assert machine.start() is True
    assert machine.state() is EmulatorState.HEALTHY


def test_folders_that_are_no_ports_are_no_emulators(make: Make, checkout: Checkout) -> None:
    for name in ("²", "0", "99999999", "notes", "4566.old"):
        (checkout.emulators / name).mkdir(parents=True)

    assert emulator.known_emulators(checkout) == []


def test_another_checkouts_emulator_that_took_the_port_meanwhile_is_not_used(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, late = make(), processes.is_listening
    other.start()
    looks = iter([False])
    monkeypatch.setattr(processes, "is_listening", lambda port: next(looks, None) is None and late(port))
    machine = Emulator(Checkout(other.checkout.root / "another"), other.port, command=[sys.executable, FAKE])
    machine.checkout.emulator_python.parent.mkdir(parents=True)
    machine.checkout.emulator_python.touch()

    with pytest.raises(PortTakenError, match=rf"Port {other.port} is taken by process {other.pid()} "):
        machine.start()
    assert other.state() is EmulatorState.HEALTHY


def test_only_one_command_keeps_the_product_on_a_port(make: Make) -> None:
    machine = make()
    with machine.reserved("which runs `npm start`"):  # noqa: SIM117, the second must not enter
        with pytest.raises(PortTakenError) as raised, make(port=machine.port).reserved("the second"):
            pass

    assert f"Port {machine.port} is taken by process {os.getpid()}, which runs `npm start`" in str(
        raised.value
    )
    with machine.reserved("the next"):
        pass


def test_the_users_credentials_do_not_reach_it(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "precious")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    machine = make()
    machine.start()

    environment = psutil.Process(pid_of(machine)).environ()

    assert "precious" not in environment.values()
    assert "PYTHONPATH" not in environment
    assert environment["TMPDIR"] == str(machine.folder / "tmp")


def test_stopping_what_never_ran_is_fine(make: Make) -> None:
    assert make().stop() is False


def test_known_emulators_are_those_ever_started(make: Make, checkout: Checkout) -> None:
    machine = make()
    machine.start()
    machine.stop()

    assert [known.port for known in emulator.known_emulators(checkout)] == [machine.port]


def test_it_survives_the_command_that_started_it_and_is_found_again(make: Make, checkout: Checkout) -> None:
    machine = make()
    script = (
        "import sys; from pathlib import Path; from stagectl.checkout import Checkout;"
        "from stagectl.targets.emulator import Emulator; root, port, *command = sys.argv[1:];"
        "Emulator(Checkout(Path(root)), int(port), command=command).start()"
    )
    arguments = [str(checkout.root), str(machine.port), sys.executable, FAKE]
    source = str(Path(emulator.__file__).parents[2])
    subprocess.run(
        [sys.executable, "-c", script, *arguments], check=True, env={**os.environ, "PYTHONPATH": source}
    )

    assert machine.state() is EmulatorState.HEALTHY
    assert machine.stop() is True
