"""Making a service from the template beside this file, in the form that all services have."""

import importlib.util
import keyword
import re
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from stagectl.errors import StacksError, UsageError

MAX_NAME_LENGTH = 20
"""Longer names would leave too little of AWS's 64 characters for stage and function."""

_TEMPLATE = Path(__file__).parent / "template"
_SUFFIX = ".template"
_NAME_IN_PATHS = "NAME"
_NAME_IN_TEXTS = "<name>"
_REQUIREMENTS = "requirements.in"
_LOCK = "requirements.txt"


def check_name(name: str, taken: Iterable[str]) -> None:
    """Raise unless a service, its Python package and its stack can have a name.

    Args:
        name: The wanted name.
        taken: Names of the stacks that exist.

    Raises:
        UsageError: The name cannot be; the message says why.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise UsageError(f"{name!r} cannot be a service: use lower-case letters and digits, a letter first")
    if len(name) > MAX_NAME_LENGTH:
        raise UsageError(f"{name} has {len(name)} characters; a service's name may have {MAX_NAME_LENGTH}")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in sys.stdlib_module_names:
        raise UsageError(f"{name} means something in Python already: its package could not be imported")
    if name in taken or name == "tests" or importlib.util.find_spec(name):
        raise UsageError(f"{name} is taken, by a service or by a Python package that is installed here")


def create(root: Path, name: str) -> Path:
    """Write a new service into `services/` and return its folder.

    It deploys and passes its tests as it is. Its lock file is that of a service with the same requirements.

    Args:
        root: Root of the checkout.
        name: A name that `check_name` allows.

    Raises:
        UsageError: The folder exists.
        StacksError: No service has the template's requirements, so that there is no lock to copy.
    """
    folder = root / "services" / name
    if folder.exists():
        raise UsageError(f"{folder.relative_to(root)} exists already")
    lock = _lock_for(root, name)
    for template in sorted(_TEMPLATE.rglob(f"*{_SUFFIX}")):
        relative = str(template.relative_to(_TEMPLATE)).removesuffix(_SUFFIX).replace(_NAME_IN_PATHS, name)
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        text = template.read_text(encoding="utf-8").replace(_NAME_IN_TEXTS, name)
        path.write_text(text, encoding="utf-8")
    (folder / _LOCK).write_text(lock, encoding="utf-8")
    return folder


def make_importable(folder: Path) -> None:
    """Put a service on the path of this process, and of its interpreter where the others are too."""
    sys.path.append(str(folder))
    path_file = Path(sysconfig.get_path("purelib")) / "bigmouth.pth"
    if path_file.is_file():
        with path_file.open("a", encoding="utf-8") as file:
            file.write(f"{folder}\n")


def _lock_for(root: Path, name: str) -> str:
    wanted = (_TEMPLATE / f"{_REQUIREMENTS}{_SUFFIX}").read_text(encoding="utf-8")
    for requirements in sorted(root.glob(f"services/*/{_REQUIREMENTS}")):
        if requirements.read_text(encoding="utf-8") == wanted:
            sibling = requirements.parent
            lock = (sibling / _LOCK).read_text(encoding="utf-8")
            return lock.replace(f"services/{sibling.name}/", f"services/{name}/")
    raise StacksError("No service has just service_kit's requirements: there is no lock file to begin with")
