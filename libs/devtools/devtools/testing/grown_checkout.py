"""Add a service and endpoints to a copy of the checkout, and run the repository's tests there."""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children
from stagectl.targets import emulator_environment

# A dash in its name, and after a dash what is no word of Python.
_SERVICE = "gift-cards"
_GROWTH = (
    ("new-service", _SERVICE),
    ("new-endpoint", _SERVICE, "list-cards"),
    ("new-endpoint", "orders", "pay-order", "--method", "POST", "--path", "/orders/{orderId}/payment"),
)
_TESTS = (
    *(f"services/{_SERVICE}", "services/orders", "libs/devtools/tests/repository"),
    # A new endpoint changes nothing of a table, and these take as long as all others of the service.
    "--ignore=services/orders/tests/test_orders_in_a_table.py",
)


def passes(checkout: Checkout, children: Children) -> tuple[str, bool]:
    """Create a service and endpoints in a copy of the checkout, and return a report and whether all passed.

    The commands must succeed, lint must pass, and the tests of the repository, of the new service and of the
    extended one must pass, with nothing written by hand.
    """
    with _copied(checkout) as copy:
        python = str(copy.python)
        commands = [
            *([python, "-m", "stagectl", *arguments] for arguments in _GROWTH),
            [python, "-m", "ruff", "check", "--quiet", "."],
            [python, "-m", "ruff", "format", "--check", "--quiet", "."],
            [python, "-m", "yamllint", "--strict", "services"],
            [
                python,
                "-m",
                "mypy",
                "--no-error-summary",
                f"services/{_SERVICE}/gift_cards",
                "services/orders/orders",
            ],
            [python, "-m", "pytest", "-q", *_TESTS],
        ]
        report = ""
        for command in commands:
            environment = {
                **emulator_environment.without_aws(),
                "MYPYPATH": os.pathsep.join(_source_folders(copy)),
            }
            ran = children.run(command, cwd=copy.root, environment=environment)
            report += f"  {' '.join(command[2:])} … {ran.seconds:.1f} s\n"
            if ran.exit_code:
                return report + ran.output, False
        return report, True


@contextmanager
def _copied(checkout: Checkout) -> Iterator[Checkout]:
    """Yield a copy of what belongs to the project, which shares the tools and caches of the checkout."""
    with tempfile.TemporaryDirectory(prefix="big-mouth-grown-") as folder:
        copy = Checkout(Path(folder).resolve())
        for name in _own_files(checkout):
            target = copy.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout.root / name, target, follow_symlinks=False)
        _git(copy.root, "init", "--quiet")
        _git(copy.root, "add", "--all")
        _share_node_packages(checkout, copy)
        copy.state.mkdir()
        for shared in (checkout.state / "emulator-venv", checkout.state / "archives", checkout.state / "sls"):
            shared.mkdir(exist_ok=True)
            (copy.state / shared.name).symlink_to(shared)
        _share_python(checkout, copy)
        yield copy


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
    (own / "services.pth").write_text("".join(f"{one}\n" for one in _source_folders(copy)), encoding="utf-8")


def _source_folders(copy: Checkout) -> list[str]:
    return sorted(str(path) for parent in ("libs", "services") for path in (copy.root / parent).iterdir())


def _own_files(checkout: Checkout) -> list[str]:
    listed = _git(
        checkout.root, "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"
    )
    return [name for name in listed.split("\0") if name and (checkout.root / name).exists()]


def _git(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise StagectlError(f"git {arguments[0]} failed: {ran.stderr.strip()}")
    return ran.stdout
