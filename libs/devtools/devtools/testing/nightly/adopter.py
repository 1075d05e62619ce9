"""Let another repository adopt the libraries, and deploy it."""

import json
import os
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.system import processes
from stagectl.targets import emulator_environment
from stagectl.terminal import console

_REPOSITORY = Path("libs") / "stagectl" / "tests" / "adoption" / "repository"


class _Adopter:
    """A copy of a small repository, in which the libraries are installed as packages.

    Args:
        checkout: Where they come from.
        root: The folder that becomes the repository.
        port: Port of its emulator.
    """

    def __init__(self, checkout: Checkout, root: Path, port: int) -> None:
        self._checkout = checkout
        self._libs = checkout.root / "libs"
        self._root = root
        self._venv = root / ".venv"
        user = emulator_environment.without_aws()
        path = os.pathsep.join((str(self._venv / "bin"), user["PATH"]))
        self._environment = {**user, "PATH": path, "BIGMOUTH_PORT": str(port)}

    def install(self) -> None:
        """Install the libraries and the emulator, as `docs/adopt-libraries.md` says."""
        shutil.copytree(self._checkout.root / _REPOSITORY, self._root)
        (self._root / "node_modules").symlink_to(self._checkout.root / "node_modules")
        emulator = self._root / ".bigmouth" / "emulator-venv"
        for venv in (self._venv, emulator):
            self._uv("venv", "--seed", "--python", str(self._checkout.python), str(venv))
        sources, emulators = str(self._libs / "stagectl"), str(self._libs / "local_aws" / "requirements.txt")
        self._install(self._venv, "--constraint", str(self._checkout.root / "requirements.txt"), sources)
        self._install(emulator, "--require-hashes", "-r", emulators)
        self._install(emulator, "--no-deps", str(self._libs / "local_aws"))
        requirements = self._root / "apps" / "notes" / "requirements.txt"
        requirements.write_text(f"{self._libs / 'service_kit'}\n", encoding="utf-8")

    def stagectl(self, *arguments: str) -> str:
        """Run a command of the installed stagectl, and return its result."""
        return self._run(str(self._venv / "bin" / "stagectl"), *arguments)

    def _install(self, venv: Path, *arguments: str) -> None:
        self._uv("pip", "install", "--python", str(venv), *arguments)

    def _uv(self, *arguments: str) -> None:
        self._run(str(self._checkout.python.with_name("uv")), "--quiet", *arguments)

    def _run(self, *command: str) -> str:
        ran = subprocess.run(
            command, cwd=self._root, env=self._environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return ran.stdout


def passes(checkout: Checkout) -> bool:
    """Deploy a repository that adopts the libraries, and return whether its functions answer."""
    with tempfile.TemporaryDirectory(prefix="adopter-") as folder:
        adopter = _Adopter(checkout, Path(folder) / "notes", processes.free_port())
        adopter.install()
        try:
            adopter.stagectl("up", "--stage", "local")
            (url,) = json.loads(adopter.stagectl("urls", "--json")).values()
            with urllib.request.urlopen(f"{url}/notes/7", timeout=30) as answer:  # noqa: S310 - its emulator
                note = json.load(answer)
            topic = json.loads(
                adopter.stagectl("invoke", "mail", "send", "--remote", "--event", "event.json")
            )
            adopter.stagectl("down", "--stage", "local")
        except subprocess.CalledProcessError as error:
            console.say(str(error))
            return False
        finally:
            adopter.stagectl("stop")
    return (note, str(topic)[:12]) == ({"id": "7"}, "arn:aws:sns:")
