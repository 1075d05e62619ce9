"""The code of a service's functions on the emulator, replaced by what is saved."""

import tempfile
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.checkout.services import Stack, package_of
from stagectl.errors import StagectlError
from stagectl.targets.stage_name import name_on_stage
from stagectl.watching.import_check import ImportCheck
from stagectl.watching.package import SHARED, Package, read_tree
from stagectl.watching.page_reload import PageReload, scripts_of

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

_AT_ONCE = 4
_DOWNLOAD_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Outcome:
    """What became of a change.

    Attributes:
        functions: Functions that serve it.
        faults: Why none does, as `file:line: error`.
        needs_deployment: Whether a handler imports what the deployed package does not hold, or a function
            was not deployed yet.
        seconds: How long it took.
    """

    functions: Collection[str] = ()
    faults: Collection[str] = ()
    needs_deployment: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class _Function:
    handler: str
    environment: Mapping[str, str]

    @property
    def file(self) -> str:
        return f"{self.handler.rpartition('.')[0].replace('.', '/')}.py"


class ServedCode:
    """What the functions of a service serve, beside the working tree.

    It counts as deployed what the working tree holds when it is made.

    Args:
        checkout: The checkout.
        stack: The service.
        stage: Stage name; its target has been entered.
    """

    def __init__(self, checkout: Checkout, stack: Stack, stage: str) -> None:
        self._pages = scripts_of(stack) if (stack.folder / "serverless.yml").is_file() else ()
        self._reload: PageReload | None = None
        self.stack = stack
        self._checkout = checkout
        self._stage = stage
        self._package_name = package_of(stack.name)
        # The scripts of pages are not served as dev does: it adds what reloads them.
        self._served = {name: file for name, file in self._read().items() if name not in self._pages}
        self._deployed: _Deployed | None = None

    def replace(self) -> Outcome | None:
        """Let the functions serve the working tree, and return the outcome; None when they do already.

        A change of handlers alone reaches their functions, any other all functions of the service. With a
        fault in it, nothing is replaced.

        Raises:
            StagectlError: The emulator did not answer, or the check of imports ended unexpectedly.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with boto3, see aws.py

        try:
            return self._replace()
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return Outcome(needs_deployment=True)
            raise StagectlError(f"{self.stack.name}: not replaced: {error}") from error
        except (BotoCoreError, httpx.HTTPError) as error:
            raise StagectlError(f"{self.stack.name}: not replaced: {error}") from error

    def _replace(self) -> Outcome | None:
        since = time.monotonic()
        tree = self._read()
        changed = {
            name for name in tree.keys() | self._served.keys() if tree.get(name) != self._served.get(name)
        }
        if not changed or not self.stack.functions:
            return None
        deployed = self._deployed = self._deployed or _Deployed(
            self._checkout, self.stack, self._stage, self._package_name
        )
        functions = deployed.affected_by(changed)
        faults = deployed.check.faults(
            [self._path(name) for name in changed if name.endswith(".py")],
            {
                name: {"handler": one.handler, "environment": one.environment}
                for name, one in functions.items()
            },
        )
        if faults:
            return Outcome(faults=faults, needs_deployment=self._lacks_library(faults))
        deployed.put(functions, deployed.package.with_files(tree | self._reloading(tree)))
        self._served = tree
        if self._reload:
            self._reload.announce()
        return Outcome(functions=functions.keys(), seconds=time.monotonic() - since)

    @property
    def has_pages(self) -> bool:
        """Whether browsers load scripts of the service."""
        return bool(self._pages)

    def _reloading(self, tree: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the scripts of pages with what reloads the page."""
        if not self._pages:
            return {}
        self._reload = self._reload or PageReload(self.stack, self._stage)
        script = self._reload.script()
        return {name: tree[name] + script for name in self._pages if name in tree}

    def close(self) -> None:
        """Free what checks and packages need."""
        if self._deployed:
            self._deployed.close()
            self._deployed = None

    def _read(self) -> dict[str, bytes]:
        kit = self._checkout.root / "libs" / SHARED
        return read_tree(self.stack.folder, self._package_name) | read_tree(kit, SHARED)

    def _path(self, name: str) -> Path:
        is_shared = name.startswith(f"{SHARED}/")
        return (self._checkout.root / "libs" / SHARED if is_shared else self.stack.folder) / name

    def _lacks_library(self, faults: Collection[str]) -> bool:
        ours = (f"'{self._package_name}", f"'{SHARED}")
        return any(
            "ModuleNotFoundError" in fault and not any(f"No module named {name}" in fault for name in ours)
            for fault in faults
        )


class _Deployed:
    """The functions and the package that were deployed last."""

    def __init__(self, checkout: Checkout, stack: Stack, stage: str, package: str) -> None:
        self._lambda: LambdaClient = aws.session().client("lambda")
        self._names = {name: name_on_stage(stack.name, name, stage) for name in stack.functions}
        self.functions = {name: self._function(on_stage) for name, on_stage in self._names.items()}
        first = self._lambda.get_function(FunctionName=next(iter(self._names.values())))
        # The emulator's address is a loopback name, and no proxy reaches it.
        download = httpx.get(
            first["Code"]["Location"], timeout=_DOWNLOAD_TIMEOUT_SECONDS, trust_env=False
        ).raise_for_status()
        self.package = Package.read(download.content, package)
        self._folder = tempfile.TemporaryDirectory(prefix=f"bigmouth-{stack.name}-")
        self.package.unpack_libraries(Path(self._folder.name))
        self.check = ImportCheck(checkout, stack.folder, Path(self._folder.name))

    def affected_by(self, changed: Collection[str]) -> dict[str, _Function]:
        """Return the functions to which files matter."""
        handlers = {function.file for function in self.functions.values()}
        if not handlers.issuperset(changed):
            return self.functions
        return {name: one for name, one in self.functions.items() if one.file in changed}

    def put(self, functions: Collection[str], package: bytes) -> None:
        """Replace the code of functions."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(
                pool.map(
                    lambda name: self._lambda.update_function_code(
                        FunctionName=self._names[name], ZipFile=package
                    ),
                    functions,
                )
            )

    def close(self) -> None:
        """End the check and remove the unpacked libraries."""
        self.check.close()
        self._folder.cleanup()

    def _function(self, name: str) -> _Function:
        configuration = self._lambda.get_function_configuration(FunctionName=name)
        environment = configuration.get("Environment", {}).get("Variables", {})
        return _Function(configuration["Handler"], environment)
