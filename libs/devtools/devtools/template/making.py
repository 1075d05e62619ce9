"""Make the template of a checkout."""

import importlib.metadata
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from devtools import git
from devtools.template import checkout_files, examples, generated, names, repository
from stagectl.checkout import Checkout, services
from stagectl.errors import UsageError
from stagectl.terminal import console

_STAGES = ("dev", "local", "preview", "prod", "staging")


def make(checkout: Checkout, folder: Path) -> str | None:
    """Write the template of a checkout's commit into a folder; return its new version, or None if unchanged.

    Raises:
        UsageError: The checkout has changes without a commit, or the folder holds something else.
        StagectlError: A file cannot be in the template, or git fails.
    """
    if git.output(checkout.root, "status", "--porcelain"):
        raise UsageError("The checkout has changes that are not committed. Commit or stash them first.")
    committed = int(git.output(checkout.root, "show", "--no-patch", "--format=%ct"))
    version = datetime.fromtimestamp(committed, UTC).strftime("%Y.%m.%d.%H%M%S")
    return version if write(checkout, folder, version) else None


def write(checkout: Checkout, folder: Path, version: str) -> bool:
    """Write the template of a checkout's files, as they are now, and return whether anything changed.

    Raises:
        UsageError: The folder holds something else.
        StagectlError: A file cannot be in the template, or git fails.
    """
    repository.check(folder)
    console.say("Generating the files of a product without the example services")
    return repository.write(
        folder,
        checkout_files.read(checkout.root, generated.without_examples(checkout)),
        reserved=reserved(checkout),
        exclusions=examples.exclusions(checkout_files.paths(checkout.root)),
        version=version,
        product=names.PRODUCT,
        licence=(checkout.root / "LICENSE").read_bytes(),
        copier=importlib.metadata.version("copier"),
    )


def reserved(checkout: Checkout) -> Collection[str]:
    """Return the names that a new product cannot have: those of services, libraries and stages."""
    libraries = (path.name.replace("_", "-") for path in (checkout.root / "libs").iterdir() if path.is_dir())
    taken = {*services.discover(checkout.root), *libraries, *_STAGES}
    # The stack of the account is named after the product.
    return {name for name in taken if not names.in_(name)}
