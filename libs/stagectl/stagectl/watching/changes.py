"""What a saved file means for a stage."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from stagectl.checkout.services import Stack, package_of
from stagectl.deployment import stack_inputs
from stagectl.watching.package import SHARED

_TEMPLATES = frozenset({".yml", ".yaml", ".cjs", ".json"})
_SCRIPTS = frozenset({".js", ".css"})
_INFRASTRUCTURE = "shared-infra"
_IGNORED = frozenset({"__pycache__", "node_modules", "tests"})


@dataclass(frozen=True)
class Work:
    """What changes ask for.

    Attributes:
        deploy: Stacks whose templates changed.
        replace: Services whose code changed.
        bundle: Services of which scripts for browsers changed.
        generate: Services of which texts changed that others are generated from.
        templates: The changed files that ask for a deployment, each with the stacks.
    """

    deploy: frozenset[str] = frozenset()
    replace: frozenset[str] = frozenset()
    bundle: frozenset[str] = frozenset()
    generate: frozenset[str] = frozenset()
    templates: Mapping[Path, frozenset[str]] = field(default_factory=dict)


def watched(root: Path) -> list[Path]:
    """Return the folders of a checkout in which changes matter to a stage."""
    return [root / "services", root / _INFRASTRUCTURE, root / "libs" / SHARED / SHARED]


def work_of(
    root: Path, stacks: Mapping[str, Stack], paths: Iterable[Path], *, generated_from: Collection[str] = ()
) -> Work:
    """Return what changed paths ask for.

    Args:
        root: Root of the checkout.
        stacks: The stage's stacks by name.
        paths: Files or folders that were written, removed or renamed.
        generated_from: Names of folders in services from which files are generated.

    Raises:
        StacksError: The `serverless.yml` of a service with a changed script cannot be read.
    """
    kinds: dict[_Kind, set[str]] = {kind: set() for kind in _Kind}
    templates: dict[Path, frozenset[str]] = {}
    services = {stack.folder.relative_to(root).parts: stack for stack in stacks.values()}
    for path in paths:
        parts = path.relative_to(root).parts
        if any(part in _IGNORED or part.startswith(".") for part in parts):
            continue
        if parts[0] == "libs":
            kind, names = _Kind.REPLACE, set(stacks)
        elif parts[0] == _INFRASTRUCTURE:
            kind, names = _kind_of_template(path), set(stacks)
        elif stack := services.get(parts[:2]):
            kind, names = _kind_in(stack, path, generated_from), {stack.name}
        elif path.name == "serverless.yml" and path.is_file():
            kind, names = _Kind.DEPLOY, {parts[1]}  # a new service
        else:
            continue
        kinds[kind] |= names
        if kind is _Kind.DEPLOY:
            templates[path] = frozenset(names)
    deploy = frozenset(kinds[_Kind.DEPLOY])
    return Work(
        deploy=deploy,
        # A deployment brings the code with it, and bundles.
        replace=frozenset(kinds[_Kind.REPLACE] - deploy),
        bundle=frozenset(kinds[_Kind.BUNDLE] - deploy),
        generate=frozenset(kinds[_Kind.GENERATE]),
        templates=templates,
    )


class _Kind(Enum):
    DEPLOY = auto()
    REPLACE = auto()
    BUNDLE = auto()
    GENERATE = auto()
    NOTHING = auto()


def _kind_in(stack: Stack, path: Path, generated_from: Collection[str]) -> _Kind:
    parts = path.relative_to(stack.folder).parts
    if parts[:1] == (package_of(stack.name),):
        return _Kind.REPLACE
    if parts and parts[0] in generated_from:
        return _Kind.GENERATE
    if path.suffix in _SCRIPTS:
        is_stored = str(Path(*parts).with_suffix(".js")) in _stored_scripts(stack)
        return _Kind.DEPLOY if is_stored else _Kind.BUNDLE
    return _kind_of_template(path)


def _kind_of_template(path: Path) -> _Kind:
    is_template = path.suffix in _TEMPLATES or path.name == "requirements.txt"
    return _Kind.DEPLOY if is_template else _Kind.NOTHING


def _stored_scripts(stack: Stack) -> Collection[str]:
    """Return the scripts of a service that are in no package, so that only a deployment stores them."""
    stored = stack_inputs.bundle_of(stack, "storedBundle") if stack.folder.is_dir() else None
    return stored["entryPoints"] if stored else ()
