"""The paths of the repository that a command works on."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from stagectl.checkout import adoption


@dataclass(frozen=True)
class Checkout:
    """A working copy of the repository; every path is absolute."""

    root: Path

    STATE: ClassVar = ".bigmouth"

    @classmethod
    def of_this_file(cls) -> "Checkout":
        """Return the checkout that holds this source file, whatever folder the command was called from."""
        return cls(Path(__file__).resolve().parents[4])

    @classmethod
    def here(cls) -> "Checkout":
        """Return the repository that a command works on.

        It is the checkout that holds this source file; for an installed stagectl, the repository around the
        current folder.

        Raises:
            UsageError: stagectl is installed, and no folder from the current one upwards has its table.
        """
        own = cls.of_this_file()
        return own if (own.root / "libs" / "stagectl").is_dir() else cls(adoption.root_of(Path.cwd()))

    @property
    def is_adopter(self) -> bool:
        """Whether it is another repository, which uses stagectl without the rest of this one."""
        return adoption.read(self.root) is not None

    @property
    def way_to_install(self) -> str:
        """The way to install the tools that stagectl runs."""
        page = "see docs/adopt-libraries.md in the repository of stagectl"
        return page if self.is_adopter else "run `npm run setup`"

    @property
    def way_to_start(self) -> str:
        """The command that starts the emulator."""
        return "stagectl up --stage local" if self.is_adopter else "npm start"

    @property
    def state(self) -> Path:
        """Folder for everything a run leaves behind; ignored by git."""
        return self.root / self.STATE

    @property
    def emulators(self) -> Path:
        """Folder with one folder per emulator, named by its port."""
        return self.state / "emulators"

    @property
    def logs(self) -> Path:
        """Folder with the full output of deployments, one folder per stage."""
        return self.state / "logs"

    @property
    def test_results(self) -> Path:
        """Folder with the evidence of test runs; BIGMOUTH_TEST_RESULTS names another."""
        return Path(os.environ.get("BIGMOUTH_TEST_RESULTS") or self.root / "test-results")

    @property
    def python(self) -> Path:
        """Interpreter of the development tools."""
        return Path(sys.executable) if self.is_adopter else self.root / ".venv" / "bin" / "python"

    @property
    def emulator_python(self) -> Path:
        """Interpreter of the emulator, and so of the local Lambdas."""
        return self.state / "emulator-venv" / "bin" / "python"

    @property
    def emulator_command(self) -> list[str]:
        """The command that runs the emulator: from its sources, or as it is installed."""
        sources = self.root / "libs" / "local_aws"
        program = [str(sources)] if sources.is_dir() else ["-m", "local_aws"]
        return [str(self.emulator_python), *program]

    @property
    def import_check(self) -> Path:
        """The program, a folder, that imports handlers as the local Lambdas do."""
        return self.root / "libs" / "stagectl" / "import_check"

    @property
    def actionlint(self) -> Path:
        """The program that checks workflow files."""
        return self.root / "libs" / "devtools" / "actionlint.mjs"

    @property
    def browser_bundles(self) -> Path:
        """The program that bundles a service's scripts for browsers."""
        return self.root / "libs" / "serverless_plugins" / "browser_bundles.cjs"

    @property
    def sls(self) -> Path:
        """The Serverless Framework's command line."""
        return self.root / "node_modules" / ".bin" / "sls"

    @property
    def order_measurements(self) -> Path:
        """The committed figures of what an order uses."""
        return self.root / "tests-e2e" / "benchmarks" / "results" / "orders.json"

    def shown(self, path: Path) -> str:
        """Return a path for people: relative to the checkout when inside it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)
