"""What a saved file means for a stage."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
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
    """

    deploy: frozenset[str] = frozenset()
    replace: frozenset[str] = frozenset()
    bundle: frozenset[str] = frozenset()


def watched(root: Path) -> list[Path]:
    """Return the folders of a checkout in which changes matter to a stage."""
    return [root / "services", root / _INFRASTRUCTURE, root / "libs" / SHARED / SHARED]


def work_of(root: Path, stacks: Mapping[str, Stack], paths: Iterable[Path]) -> Work:
    """Return what changed paths ask for.

    Args:
        root: Root of the checkout.
        stacks: The stage's stacks by name.
        paths: Files or folders that were written, removed or renamed.
    """
    deploy: set[str] = set()
    replace: set[str] = set()
    bundle: set[str] = set()
    services = {stack.folder.relative_to(root).parts: stack for stack in stacks.values()}
    for path in paths:
        parts = path.relative_to(root).parts
        if any(part in _IGNORED or part.startswith(".") for part in parts):
            continue
        if parts[0] == "libs":
            replace.update(stacks)
        elif parts[0] == _INFRASTRUCTURE:
            if path.suffix in _TEMPLATES:
                deploy.update(stacks)
        elif stack := services.get(parts[:2]):
            if parts[2:3] == (package_of(stack.name),):
                replace.add(stack.name)
            elif path.suffix in _SCRIPTS:
                is_stored = str(Path(*parts[2:])) in _stored_scripts(stack)
                (deploy if is_stored else bundle).add(stack.name)
            elif path.suffix in _TEMPLATES or path.name == "requirements.txt":
                deploy.add(stack.name)
    # A deployment brings the code with it.
    return Work(frozenset(deploy), frozenset(replace - deploy), frozenset(bundle - deploy))


def _stored_scripts(stack: Stack) -> Collection[str]:
    """Return the scripts of a service that are in no package, so that only a deployment stores them."""
    stored = stack_inputs.bundle_of(stack, "storedBundle") if stack.folder.is_dir() else None
    return stored["entryPoints"] if stored else ()
