"""Generate sources from templates: fill them in, format them, and undo everything on failure."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError

SUFFIX = ".template"

_PLACEHOLDER = re.compile(r"<(\w+)>")


def fill(template: Path, values: Mapping[str, str]) -> str:
    """Return the text of a template with its placeholders, such as `<name>`, replaced."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template.read_text(encoding="utf-8"))


def tidy(root: Path, paths: Iterable[Path]) -> None:
    """Sort imports, remove unused ones, and format Python files with the checkout's settings.

    The result depends on the names that were filled in.

    Raises:
        StagectlError: A file is not Python.
    """
    files = [str(path) for path in paths]
    for arguments in (["check", "--fix", "--select", "I,F401"], ["format"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--quiet", "--no-cache", *files]
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise StagectlError(f"ruff {arguments[0]} failed:\n{ran.stdout}{ran.stderr}")


def regenerate(checkout: Checkout) -> None:
    """Write all files that are generated from the services' sources and compared with them by a test.

    That is API documents, request models, READMEs, what CloudFormation may do, and overviews.

    Raises:
        StagectlError: Something cannot be generated.
    """
    # They bring pydantic, which takes longer than most commands.
    from devtools.contracts import documents, overviews  # noqa: PLC0415

    documents.write(checkout.root)
    execution_policy.write(checkout)
    overviews.write(checkout)


def generated(checkout: Checkout) -> list[Path]:
    """Return the files that `regenerate` writes for all services together."""
    from devtools.contracts import overviews  # noqa: PLC0415 - as above

    return [checkout.root / path for path in (execution_policy.POLICY_FILE, *overviews.PATHS)]


@contextmanager
def undone_on_failure(checkout: Checkout, paths: Iterable[Path]) -> Iterator[None]:
    """Put files and folders back when the block fails, with what `regenerate` writes for all services.

    Args:
        checkout: The checkout.
        paths: What the block writes. What does not exist yet goes.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in (*paths, *generated(checkout))}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is not None:
                path.write_bytes(content)
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        raise
