"""Check that a service's handlers can be imported, before their code replaces another."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from stagectl.checkout import Checkout
from stagectl.watching.answering_program import AnsweringProgram


class ImportCheck:
    """Imports handlers in the emulator's interpreter, with the libraries of the deployed package.

    Args:
        checkout: The checkout.
        service: Folder of the service.
        libraries: Folder of its unpacked libraries.
    """

    def __init__(self, checkout: Checkout, service: Path, libraries: Path) -> None:
        self._program = AnsweringProgram(
            [
                *(str(checkout.emulator_python), "-W", "ignore", str(checkout.import_check)),
                *(str(service), str(libraries)),
            ],
            folder=checkout.root,
            environment={
                "PATH": os.environ["PATH"],
                "PYTHONPYCACHEPREFIX": str(libraries / "__bytecode__"),
            },
        )

    def faults(self, changed: Collection[Path], functions: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Return the faults that keep functions from starting, as `file:line: error`.

        Args:
            changed: Changed files, whose syntax is checked first: Python, JSON and templates.
            functions: `handler` and `environment` of each function. They are imported unless only templates
                changed that are certainly right.
        """
        found: list[str] = self._program.ask(
            {"changed": [str(path) for path in changed], "functions": functions}
        )
        return found

    def close(self) -> None:
        """End the program."""
        self._program.close()
