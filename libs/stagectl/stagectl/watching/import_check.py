"""Check that a service's handlers can be imported, before their code replaces another."""

import json
import os
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError


class ImportCheck:
    """Imports handlers in the emulator's interpreter, with the libraries of the deployed package.

    Args:
        checkout: The checkout.
        service: Folder of the service.
        libraries: Folder of its unpacked libraries.
    """

    def __init__(self, checkout: Checkout, service: Path, libraries: Path) -> None:
        self._command = [
            *(str(checkout.emulator_python), "-W", "ignore", str(checkout.import_check)),
            *(str(service), str(libraries)),
        ]
        self._bytecode = str(libraries / "__bytecode__")
        self._process: subprocess.Popen[str] | None = None

    def faults(self, changed: Collection[Path], functions: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Return the faults that keep functions from starting, as `file:line: error`.

        Args:
            changed: Changed Python files, whose syntax is checked first.
            functions: `handler` and `environment` of each function.
        """
        process = self._running()
        request = json.dumps({"changed": [str(path) for path in changed], "functions": functions})
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        process.stdin.write(f"{request}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            self.close()
            raise StagectlError("The check of imports ended unexpectedly.")
        faults: list[str] = json.loads(answer)
        return faults

    def close(self) -> None:
        """End the program."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                env={"PATH": os.environ["PATH"], "PYTHONPYCACHEPREFIX": self._bytecode},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,  # Ctrl-C is for the command that uses it
            )
        return self._process
