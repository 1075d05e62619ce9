"""The code of a service's functions on the emulator, replaced by what is saved."""

import contextlib
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import httpx

from stagectl.checkout import Checkout
from stagectl.checkout.routes import Authorizer, routes_of
from stagectl.checkout.services import Stack, package_of
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.deployment import stack_inputs
from stagectl.errors import StagectlError
from stagectl.stacks import published
from stagectl.watching.deployed_code import DeployedCode
from stagectl.watching.package import SHARED, read_tree

_CHECKED = frozenset({".py", ".json", ".html"})
_LONGEST_START_SECONDS = 10


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


class ServedCode:
    """What the functions of a service serve, beside the working tree.

    It counts as deployed what the working tree holds when it is made.

    Args:
        checkout: The checkout.
        stack: The service.
        stage: Stage name; its target has been entered.
    """

    def __init__(self, checkout: Checkout, stack: Stack, stage: str) -> None:
        self.stack = stack
        self._checkout = checkout
        self._stage = stage
        self._package_name = package_of(stack.name)
        self._scripts = _scripts_of(stack)
        self._pages = _open_to_browsers(stack) if self._scripts else frozenset()
        # The scripts of pages are not served as dev does: it adds what reloads them.
        self._served = {name: file for name, file in self._read().items() if name not in self._scripts}
        self._deployed: DeployedCode | None = None

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
        deployed = self._deployed = self._deployed or DeployedCode(self._checkout, self.stack, self._stage)
        functions = deployed.affected_by(changed)
        faults = self._faults(deployed, changed)
        if faults:
            return Outcome(faults=faults, needs_deployment=self._lacks_library(faults))
        reloading = deployed.page_reload.script if self._scripts else b""
        scripts = {name: tree[name] + reloading for name in self._scripts if name in tree}
        deployed.upload(deployed.package.with_files(tree | scripts))
        # A page does not wait for functions that it calls only when it is there.
        first = functions.keys() & self._pages or functions.keys()
        deployed.replace(first)
        if self._scripts:
            deployed.page_reload.announce()
            self._start_what_pages_load(changed)
        deployed.replace(functions.keys() - first)
        self._served = tree
        return Outcome(functions=functions.keys(), seconds=time.monotonic() - since)

    @property
    def has_pages(self) -> bool:
        """Whether browsers load scripts of the service."""
        return bool(self._scripts)

    def close(self) -> None:
        """Free what checks and packages need."""
        if self._deployed:
            self._deployed.close()
            self._deployed = None

    def _read(self) -> dict[str, bytes]:
        kit = self._checkout.root / "libs" / SHARED
        return read_tree(self.stack.folder, self._package_name) | read_tree(kit, SHARED)

    def _faults(self, deployed: DeployedCode, changed: Collection[str]) -> list[str]:
        checked = [
            self._path(name)
            for name in changed
            if PurePosixPath(name).suffix in _CHECKED or not self._path(name).exists()
        ]
        if not checked:
            return []
        return deployed.check.faults(
            checked,
            {
                name: {"handler": one.handler, "environment": one.environment}
                for name, one in deployed.affected_by(changed).items()
            },
        )

    def _path(self, name: str) -> Path:
        is_shared = name.startswith(f"{SHARED}/")
        return (self._checkout.root / "libs" / SHARED if is_shared else self.stack.folder) / name

    def _lacks_library(self, faults: Collection[str]) -> bool:
        ours = (f"'{self._package_name}", f"'{SHARED}")
        return any(
            "ModuleNotFoundError" in fault and not any(f"No module named {name}" in fault for name in ours)
            for fault in faults
        )

    @cached_property
    def _url(self) -> str | None:
        return published.service_urls(self._stage, [self.stack]).get(self.stack.name)

    def _start_what_pages_load(self, changed: Collection[str]) -> None:
        """Start the function that serves changed files of pages, while the function of the page starts."""
        script = PurePosixPath(next(iter(self._scripts)))
        if not any(name.startswith(f"{script.parent}/") for name in changed):
            return
        url, path = self._url, script.relative_to(self._package_name)

        def load() -> None:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{url}/{path}", timeout=_LONGEST_START_SECONDS, trust_env=False)

        threading.Thread(target=load, daemon=True).start()


def _scripts_of(stack: Stack) -> Collection[str]:
    """Return the names of a service's bundled scripts in its package; none without `browserBundle`."""
    if not (stack.folder / "serverless.yml").is_file():
        return ()
    bundle = stack_inputs.bundle_of(stack, "browserBundle")
    return [f"{bundle['outdir']}/{Path(entry).name}" for entry in bundle["entryPoints"]] if bundle else []


def _open_to_browsers(stack: Stack) -> frozenset[str]:
    """Return the functions that answer a browser's own requests: GET, of anyone."""
    routes = routes_of(load_mapping(stack.folder / "serverless.yml"))
    open_routes = (one for one in routes if one.authorizer is Authorizer.NOBODY_ASKED)
    return frozenset(one.function for one in open_routes if one.method == "GET")
