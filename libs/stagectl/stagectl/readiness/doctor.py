"""Check whether this machine is ready; each finding says how to fix it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import entry_points

from stagectl.checkout import Checkout, package_tools
from stagectl.errors import CredentialsError, UsageError
from stagectl.readiness import versions
from stagectl.readiness.finding import Finding, Level
from stagectl.system import processes
from stagectl.targets import emulator, target
from stagectl.targets.emulator import Emulator, EmulatorState

EXTENSIONS = "stagectl.findings"
"""Entry-point group of packages that look at more: each entry is a function that yields findings."""

_FREE_BYTES_WANTED = 2 * 1024**3
_STEPS = ("venv", "python-packages", "own-packages", "emulator", "lambda-wheels", "node-packages")


def examine(checkout: Checkout, port: int) -> Iterator[Finding]:
    """Yield findings about tools, installation, emulator, disk, extensions and credentials."""
    yield _tool("git", ["git", "--version"], "install it from https://git-scm.com")
    node = "install it from https://nodejs.org"
    yield versions.judged(_tool("node", ["node", "--version"], node), versions.NODE, node)
    python = _tool("python", [str(checkout.python), "--version"], checkout.way_to_install)
    another_python = "BIGMOUTH_PYTHON=/path/to/python, then `npm run setup`"
    yield versions.judged(python, versions.PYTHON, another_python)
    yield _tool("sls", [str(checkout.sls), "--version"], checkout.way_to_install)
    yield _installation(checkout)
    yield from _bytecode(checkout)
    yield _emulator_port(Emulator(checkout, port))
    yield from _other_emulators(checkout, port)
    yield _disk(checkout)
    for extension in entry_points(group=EXTENSIONS):
        yield from extension.load()()
    yield _credentials()


def _tool(subject: str, command: list[str], way_out: str) -> Finding:
    try:
        completed = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return Finding(Level.FAIL, subject, "is missing or does not run", way_out)
    return Finding(Level.OK, subject, completed.stdout.strip().splitlines()[0])


def _installation(checkout: Checkout) -> Finding:
    if checkout.is_adopter:
        if not checkout.emulator_python.exists():
            text = "not installed: stages on AWS need none"
            return Finding(Level.WARN, "emulator", text, checkout.way_to_install)
        return Finding(Level.OK, "emulator", "installed")
    missing = [step for step in _STEPS if not (checkout.state / "stamps" / step).is_file()]
    if missing:
        return Finding(Level.FAIL, "installation", f"not done: {', '.join(missing)}", checkout.way_to_install)
    return Finding(Level.OK, "installation", "complete")


def _bytecode(checkout: Checkout) -> Iterator[Finding]:
    tools = package_tools.find(checkout, os.environ)
    if tools is None:
        return  # what is missing has been said
    if tools.interpreter:
        yield Finding(Level.OK, "bytecode", f"made by Python {tools.interpreter.split()[0]}")
        return
    minor = tools.runtime.removeprefix("python")
    yield Finding(
        Level.WARN,
        "bytecode",
        f"no Python {minor} to make it with: packages for AWS work, but start slower",
        f".venv/bin/uv python install {minor}, or BIGMOUTH_LAMBDA_PYTHON=/path/to/python{minor}",
    )


def _emulator_port(machine: Emulator) -> Finding:
    subject = f"port {machine.port}"
    match machine.state():
        case EmulatorState.HEALTHY:
            return Finding(
                Level.OK, subject, f"the emulator of this checkout answers (process {machine.pid()})"
            )
        case EmulatorState.UNHEALTHY:
            return Finding(
                Level.FAIL,
                subject,
                "the emulator runs but does not answer",
                f"run `stagectl stop`, then `{machine.checkout.way_to_start}`",
            )
        case EmulatorState.STOPPED:
            if not processes.is_listening(machine.port):
                return Finding(Level.OK, subject, "free")
            holder = processes.holder_of(machine.port)
            way_out = f"end it, or BIGMOUTH_PORT={machine.port + 1}"
            return Finding(Level.WARN, subject, f"taken by {holder}", way_out)


def _other_emulators(checkout: Checkout, port: int) -> Iterator[Finding]:
    for machine in emulator.known_emulators(checkout):
        if machine.port != port and machine.is_alive():
            way_out = f"if you do not need it: npm stop -- --port {machine.port}"
            yield Finding(
                Level.OK,
                f"port {machine.port}",
                f"an emulator runs here too (process {machine.pid()})",
                way_out,
            )


def _disk(checkout: Checkout) -> Finding:
    free = shutil.disk_usage(checkout.root).free
    text = f"{free / 1024**3:.1f} GB free"
    if free < _FREE_BYTES_WANTED:
        return Finding(Level.WARN, "disk", text, f"leave at least {_FREE_BYTES_WANTED // 1024**3} GB")
    return Finding(Level.OK, "disk", text)


def _credentials() -> Finding:
    where = target.remote()
    try:
        return Finding(
            Level.OK, "aws", f"account {target.account_id(where)}, {where.environment['AWS_REGION']}"
        )
    except UsageError as error:
        return Finding(Level.WARN, "aws", "no region", f"only needed for stages on AWS. {error}")
    except CredentialsError:
        return Finding(
            Level.WARN,
            "aws",
            "no usable credentials",
            "only needed for stages on AWS: sign in, or set AWS_PROFILE",
        )
