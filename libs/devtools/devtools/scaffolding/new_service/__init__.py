"""Create a service from the template beside this file, in the form that all services have."""

import importlib.util
import keyword
import re
import sys
import sysconfig
from collections.abc import Collection
from pathlib import Path

from devtools.scaffolding import scaffold
from stagectl.checkout.services import package_of
from stagectl.errors import StacksError, UsageError

MAX_NAME_LENGTH = 20
"""Longer names would leave too little of AWS's 64 characters for stage and function."""

_TEMPLATE = Path(__file__).parent / "template"
_PACKAGE_IN_PATHS = "PACKAGE"
_REQUIREMENTS = "requirements.in"
_LOCK = "requirements.txt"
# SSM takes no parameters whose names begin with the first two, and S3 no buckets with the others.
_RESERVED_BEGINNINGS = ("aws", "ssm", "sthree", "amzn-s3-demo")
# What the package step leaves out, or Python packages of the tests.
_RESERVED = frozenset({"bin", "test", "tests"})


def check_name(root: Path, name: str, taken: Collection[str]) -> None:
    """Raise unless a service, its Python package and its stack can have a name.

    Args:
        root: Root of the checkout.
        name: The wanted name.
        taken: Names of the stacks that exist.

    Raises:
        UsageError: The name cannot be; the message says why.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(
            f"{name!r} cannot be a service: use lower-case letters, digits and single dashes, a letter first."
        )
    if len(name) > MAX_NAME_LENGTH:
        raise UsageError(f"{name} has {len(name)} characters; a service's name may have {MAX_NAME_LENGTH}")
    if name.startswith(_RESERVED_BEGINNINGS):
        raise UsageError(f"{name} begins with a word that AWS reserves. Choose another name.")
    package = package_of(name)
    if keyword.iskeyword(package) or keyword.issoftkeyword(package) or package in sys.stdlib_module_names:
        raise UsageError(
            f"{name} is a keyword or module of Python, so its package could not be imported. Choose another."
        )
    in_tests = {path.stem for path in (root / "tests-e2e").glob("*")}
    if name in taken or package in _RESERVED | in_tests or importlib.util.find_spec(package):
        raise UsageError(f"{name} is taken by a service or an installed Python package. Choose another name.")
    for other in taken:
        shorter, longer = sorted((name, other), key=len)
        if longer.startswith(f"{shorter}-"):
            raise UsageError(
                f"{name} and {other} cannot be told apart: the stack {longer}-dev would also be that of "
                f"{shorter} on the stage {longer.removeprefix(f'{shorter}-')}-dev"
            )


def create(root: Path, name: str) -> Path:
    """Write a new service into `services/` and return its folder.

    It deploys and passes its tests unchanged. Its lock file is that of a service with the same requirements,
    under its own name.

    Args:
        root: Root of the checkout.
        name: A name that `check_name` allows.

    Raises:
        UsageError: The folder exists.
        StacksError: No service has the template's requirements, so that there is no lock to copy.
    """
    folder = root / "services" / name
    if folder.exists():
        raise UsageError(f"{folder.relative_to(root)} already exists.")
    lock = _lock_for(root, name)
    values = {"name": name, "package": package_of(name)}
    for template in sorted(_TEMPLATE.rglob(f"*{scaffold.SUFFIX}")):
        relative = str(template.relative_to(_TEMPLATE)).removesuffix(scaffold.SUFFIX)
        path = folder / relative.replace(_PACKAGE_IN_PATHS, values["package"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(scaffold.fill(template, values), encoding="utf-8")
    (folder / _LOCK).write_text(lock, encoding="utf-8")
    scaffold.tidy(root, folder.rglob("*.py"))
    return folder


def make_importable(folder: Path) -> None:
    """Add a service to the path of this checkout's interpreter."""
    path_file = Path(sysconfig.get_path("purelib")) / "services.pth"
    if path_file.is_file():
        with path_file.open("a", encoding="utf-8") as file:
            file.write(f"{folder}\n")


def _lock_for(root: Path, name: str) -> str:
    wanted = (_TEMPLATE / f"{_REQUIREMENTS}{scaffold.SUFFIX}").read_text(encoding="utf-8")
    for requirements in sorted(root.glob(f"services/*/{_REQUIREMENTS}")):
        if requirements.read_text(encoding="utf-8") == wanted:
            lock = (requirements.parent / _LOCK).read_text(encoding="utf-8")
            return lock.replace(f"services/{requirements.parent.name}/", f"services/{name}/")
    raise StacksError("There is no lock file to copy: no service has only the requirements of service_kit.")
