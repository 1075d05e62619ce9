"""The generated files of a product without the example services, which follow from what it has."""

import json
from pathlib import Path

from devtools import copied_checkout, git
from devtools.template import checkout_files, examples, names
from devtools.template.checkout_files import File
from stagectl.checkout import Checkout
from stagectl.errors import StagectlError
from stagectl.system.child_process import Children

_COMMANDS = ("generate", "generate-roles")
_PACKAGE = "package.json"
_SCRIPTS_OF_EXAMPLES = ("bench", "load", "test:faults")
_ABOUT_THE_EXAMPLE = "A food-ordering back end: a"


def without_examples(checkout: Checkout) -> dict[str, File]:
    """Generate, in a copy without the example services, and return the files that came out otherwise.

    package.json is among them: JSON has no comments that could mark lines.

    Raises:
        StagectlError: They cannot be generated there.
    """
    files = files_of(checkout.root)
    with copied_checkout.of(checkout, lambda folder: checkout_files.write(folder, files)) as copy:
        for command in _COMMANDS:
            ran = Children().run([str(copy.python), "-m", "stagectl", command], cwd=copy.root)
            if ran.exit_code:
                raise StagectlError(f"stagectl {command} failed without the examples:\n{ran.output.strip()}")
        changed = git.output(copy.root, "ls-files", "--modified", "--others", "--exclude-standard", "-z")
        made = {path: checkout_files.read_file(copy.root / path) for path in changed.split("\0") if path}
        return {_PACKAGE: files[_PACKAGE], **made}


def files_of(root: Path) -> dict[str, File]:
    """Return the files of a checkout as a product without the example services has them, by path."""
    paths = checkout_files.paths(root)
    places = {path: root / path for path in sorted(set(paths) - examples.left_out(paths))}
    files = {path: _as_there(place) for path, place in {**places, **examples.instead()}.items()}
    return {**files, _PACKAGE: File(_without_scripts(files[_PACKAGE].content.decode()).encode())}


def _without_scripts(text: str) -> str:
    package = json.loads(text)
    package["description"] = package["description"].replace(_ABOUT_THE_EXAMPLE, "A")
    for script in _SCRIPTS_OF_EXAMPLES:
        del package["scripts"][script]
    return json.dumps(package, indent=2) + "\n"


def _as_there(place: Path) -> File:
    read = checkout_files.read_file(place)
    try:
        text = examples.without(names.without_own_lines(read.content.decode("utf-8")))
    except UnicodeDecodeError:
        return read
    return File(text.encode(), read.is_executable)
