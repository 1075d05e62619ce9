"""Tools that are locked apart from the development set, in environments made when they are first needed."""

import hashlib
import os
import shutil

from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children


def program(checkout: Checkout, children: Children, tools: str, name: str) -> str:
    """Return the path of a program, installed as the lock of its folder says.

    Args:
        checkout: The checkout that locks it.
        children: Runs the installation.
        tools: Folder of the lock in `libs/devtools`, such as `checkov`.
        name: Name of the program.

    Raises:
        StagectlError: It could not be installed.
    """
    lock = checkout.root / "libs" / "devtools" / tools / "requirements.txt"
    version = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder = checkout.state / tools / version
    if not (folder / "done").exists():
        shutil.rmtree(folder.parent, ignore_errors=True)
        uv = str(checkout.python.parent / "uv")
        install = [uv, "pip", "install", "--python", str(folder / "bin" / "python"), "--require-hashes"]
        for command in (
            [uv, "venv", "--python", str(checkout.python), str(folder)],
            [*install, "-r", str(lock)],
        ):
            completed = children.run(command, cwd=checkout.root, environment=dict(os.environ))
            if completed.exit_code:
                raise StagectlError(f"{tools} could not be installed:\n{completed.output.strip()}")
        (folder / "done").touch()
    return str(folder / "bin" / name)
