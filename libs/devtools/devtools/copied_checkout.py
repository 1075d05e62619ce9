"""A copy of a checkout to change and run, which shares the installed packages of the original."""

import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools import git
from stagectl.checkout import Checkout


@contextmanager
def of(checkout: Checkout, write: Callable[[Path], None] | None = None) -> Iterator[Checkout]:
    """Yield a copy of what belongs to the project, which shares the tools and caches of the checkout.

    Its files are in git's index, so that git tells what changes.

    Args:
        checkout: The original.
        write: Writes the files of the copy into a folder; by default they are those of the original.

    Raises:
        StagectlError: git fails.
    """
    with tempfile.TemporaryDirectory(prefix="big-mouth-copy-") as folder:
        copy = Checkout(Path(folder).resolve())
        if write is None:
            _copy_files(checkout, copy)
        else:
            write(copy.root)
        git.output(copy.root, "init", "--quiet")
        git.output(copy.root, "add", "--all")
        _share_node_packages(checkout, copy)
        copy.state.mkdir()
        for shared in (checkout.state / "emulator-venv", checkout.state / "archives", checkout.state / "sls"):
            shared.mkdir(exist_ok=True)
            (copy.state / shared.name).symlink_to(shared)
        _share_python(checkout, copy)
        yield copy


def source_folders(copy: Checkout) -> list[str]:
    """Return the folders of a copy that Python imports from."""
    return sorted(str(path) for parent in ("libs", "services") for path in (copy.root / parent).iterdir())


def _copy_files(checkout: Checkout, copy: Checkout) -> None:
    listed = git.output(
        checkout.root, "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"
    )
    for name in listed.split("\0"):
        if name and (checkout.root / name).exists():
            target = copy.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout.root / name, target, follow_symlinks=False)


def _share_node_packages(checkout: Checkout, copy: Checkout) -> None:
    """Give a copy the packages of this one, but its own workspaces, which npm links into them."""
    shared, own = checkout.root / "node_modules", copy.root / "node_modules"
    own.mkdir()
    for package in (*shared.iterdir(), *shared.glob("@*/*")):
        link = own / package.relative_to(shared)
        if package.name.startswith("@"):
            link.mkdir(parents=True)
        elif package.is_symlink():
            link.symlink_to(package.readlink())
        else:
            link.symlink_to(package)


def _share_python(checkout: Checkout, copy: Checkout) -> None:
    """Give a copy an interpreter with the packages of this one, but with its own services and libraries."""
    venv = copy.python.parent.parent
    subprocess.run([checkout.python, "-m", "venv", "--without-pip", venv], check=True, capture_output=True)
    for program in checkout.python.parent.iterdir():
        if not (copy.python.parent / program.name).exists():
            (copy.python.parent / program.name).symlink_to(program)
    installed = Path(sysconfig.get_path("purelib"))
    own = venv / installed.relative_to(checkout.python.parent.parent)
    (own / "installed.pth").write_text(f"{installed}\n", encoding="utf-8")
    # A service that is made adds itself to this file.
    (own / "services.pth").write_text("".join(f"{one}\n" for one in source_folders(copy)), encoding="utf-8")
