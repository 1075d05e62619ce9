"""Hash everything that a deployment of a stack is made from."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stagectl.checkout import Checkout, package_tools
from stagectl.checkout.changed_files import IN_EVERY_STACK, OF_NO_STAGE
from stagectl.checkout.services import Stack
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.deployment.deploy import TAGS_VARIABLE

_NOT_INPUTS = frozenset({".serverless", "__pycache__"})
_TEMPLATES = frozenset({".yml", ".yaml", ".json"})
_SCRIPTS = frozenset({".js", ".cjs", ".mjs"})
_SOURCE = re.compile(r"\$\{([A-Za-z]+)[:(]")
_SOURCE_IN_SCRIPT = re.compile(r"resolveVariable\(['\"`]([A-Za-z]+)[:(]")
_KNOWN_SOURCES = frozenset({"self", "sls", "opt", "env", "param", "file", "strToBool", "aws", "AWS"})
"""Sources of variables whose values follow from what is hashed here, or from the account."""

_FILE = re.compile(r"(?<![A-Za-z])file\(([^)]*)\)")
_VARIABLE = re.compile(r"(?:\benv:|\benv\.)([A-Za-z_][A-Za-z0-9_]*)")
_ALWAYS_HEEDED = frozenset({"AWS_ENDPOINT_URL", "AWS_REGION"})
"""Variables that osls and the SDK read by themselves, and that change what is deployed."""

_SEEN_IN_OTHER_INPUTS = frozenset(
    {
        # They lead to programs, whose versions count: see tools_of. npx, npm and editors change PATH.
        *("PATH", "PYENV_ROOT", "BIGMOUTH_LAMBDA_PYTHON"),
        # They lead to the region, which stagectl has put into AWS_REGION.
        *("AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE"),
        TAGS_VARIABLE,
    }
)


class StackInputs:
    """Hashes the inputs of stacks' deployments.

    Files count as they stand in the working tree, tracked or not. Variables of the environment count when a
    template or a plugin names them, and a few that osls reads of itself. What terminals, editors, npm and CI
    set besides does not.

    Args:
        checkout: The checkout that is deployed.
        stage: Stage name.
        parameters: `--param` values for sls.
        environment: Environment that sls gets.
        tools: What of the machine goes into a package, as `tools_of` tells it.
    """

    def __init__(
        self,
        checkout: Checkout,
        *,
        stage: str,
        parameters: Sequence[str],
        environment: Mapping[str, str],
        tools: str,
    ) -> None:
        self._checkout = checkout
        self._environment = environment
        self._common = [stage, *parameters, tools]

    def digest(self, stack: Stack) -> str | None:
        """Return the hash of all inputs of a stack, or None when they cannot be determined.

        That is so when a variable comes from elsewhere at packaging, such as `${ssm:…}`, when a template
        names a file by a variable, and when a folder is a link.
        """
        files: dict[Path, bytes] = {}
        for folder in [stack.folder, *(self._checkout.root / shared for shared in IN_EVERY_STACK)]:
            if _holds_links(folder):
                return None
            files.update(_read(folder))
        of_no_stage = self._checkout.root / OF_NO_STAGE
        files = {path: content for path, content in files.items() if not path.is_relative_to(of_no_stage)}
        for made in _made_by_packaging(stack):
            files.pop(made, None)
        files.update((path, path.read_bytes()) for path in _documents_of_apis(stack))
        templates = _texts(files, _TEMPLATES)
        scripts = _texts(files, _SCRIPTS)
        sources = {source for text in templates for source in _SOURCE.findall(text)}
        sources.update(source for text in scripts for source in _SOURCE_IN_SCRIPT.findall(text))
        named = {name.split(",")[0].strip() for text in templates for name in _FILE.findall(text)}
        if sources - _KNOWN_SOURCES or any("$" in name for name in named):
            return None
        for path in (Path(os.path.normpath(stack.folder / name)) for name in named):
            if path.is_file():
                files[path] = path.read_bytes()
        variables = {name for text in [*templates, *scripts] for name in _VARIABLE.findall(text)}
        described = {
            "files": {
                str(path): hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())
            },
            "environment": self._relevant(variables),
            "common": self._common,
        }
        return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()

    def _relevant(self, named: set[str]) -> dict[str, str]:
        return {
            name: value
            for name, value in self._environment.items()
            if name in (named | _ALWAYS_HEEDED) - _SEEN_IN_OTHER_INPUTS
        }


def tools_of(checkout: Checkout, environment: Mapping[str, str]) -> str | None:
    """Return what of the machine goes into a package; None when it cannot be determined."""
    tools = package_tools.find(checkout, environment)
    installed = [
        checkout.root / "node_modules" / ".package-lock.json",
        checkout.root / "requirements.txt",
        checkout.emulator_python.parents[1] / "pyvenv.cfg",
    ]
    if tools is None:
        return None
    try:
        return json.dumps([asdict(tools), *(path.read_text("utf-8") for path in installed)])
    except OSError:
        return None


def _holds_links(folder: Path) -> bool:
    return any(Path(parent, name).is_symlink() for parent, names, _ in _walk(folder) for name in names)


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_INPUTS]
        yield parent, folders, files


def _read(file_or_folder: Path) -> Iterator[tuple[Path, bytes]]:
    if file_or_folder.is_file():
        yield file_or_folder, file_or_folder.read_bytes()
    for parent, _, names in _walk(file_or_folder):
        for name in names:
            path = Path(parent, name)
            yield path, path.read_bytes()


def _texts(files: Mapping[Path, bytes], kinds: frozenset[str]) -> list[str]:
    return [content.decode("utf-8", "replace") for path, content in files.items() if path.suffix in kinds]


def bundle_of(stack: Stack, key: str) -> dict[str, Any] | None:
    """Return what `custom` of a service says of its `browserBundle` or `storedBundle`, None without it."""
    custom = load_mapping(stack.folder / "serverless.yml").get("custom")
    bundle: Any = custom.get(key) if isinstance(custom, dict) else None
    return bundle if isinstance(bundle, dict) else None


def _made_by_packaging(stack: Stack) -> Iterator[Path]:
    if packaged := bundle_of(stack, "browserBundle"):
        yield from (stack.folder / packaged["outdir"] / Path(entry).name for entry in packaged["entryPoints"])
    if stored := bundle_of(stack, "storedBundle"):
        yield from (path for path, _ in _read(stack.folder / stored["outdir"]))
        yield stack.folder / stored["names"]


def _documents_of_apis(stack: Stack) -> Iterator[Path]:
    """Yield the OpenAPI documents of all services, which a bundle that is not packaged may import."""
    if bundle_of(stack, "storedBundle"):
        yield from stack.folder.parent.glob("*/openapi.json")
