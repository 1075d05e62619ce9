"""The template's git repository, of which copier takes the newest tag."""

import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from devtools import git
from devtools.template import checkout_files
from devtools.template.checkout_files import SUFFIX, File
from stagectl.errors import StagectlError, UsageError

FOLDER = "template"
_QUESTIONS = "copier.yml"
_PLACE_OF_RESERVED_WORDS = "RESERVED"
_PLACE_OF_EXCLUSIONS = "EXCLUSIONS"
_ANSWERS = "<[ _copier_conf.answers_file ]>" + SUFFIX
_ANSWERS_TEXT = """# Written by copier. Later versions of the template: .venv/bin/copier update --defaults
<[ _copier_answers | to_nice_yaml ]>"""
# Machines that make releases have no author of commits.
_AUTHOR = ("-c", "user.name=stagectl template", "-c", "user.email=stagectl@localhost")
_README = """# Template of {name}

Made by `stagectl template`, which overwrites changes. A tag is the time of the commit that it was made from.

```sh
uvx copier@{copier} copy URL_OR_FOLDER_OF_THIS_REPOSITORY tiny-cinema    # a new product
cd tiny-cinema && .venv/bin/copier update --defaults                     # later: what is new here
```
"""


def check(folder: Path) -> None:
    """Check that a template may be written into a folder.

    Raises:
        UsageError: The folder holds something else.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder.")
    inside = {path.name for path in folder.iterdir()} - {".git"}
    if inside and not {_QUESTIONS, FOLDER} <= inside:
        raise UsageError(f"{folder} holds something else than a template. Name a new folder.")


def write(
    folder: Path,
    files: Mapping[str, File],
    *,
    reserved: Collection[str],
    exclusions: str,
    version: str,
    product: str,
    licence: bytes,
    copier: str,
) -> bool:
    """Write a template into a folder, commit and tag it, and return whether anything changed.

    Args:
        folder: Where to. A folder that does not exist or is empty becomes a git repository.
        files: Files of the template, by path.
        reserved: Names that a product cannot have.
        exclusions: Patterns, a line each, of files that copier leaves out, with conditions on the answers.
        version: The tag, which sorts after those before it.
        product: Name of the product that the template comes from.
        licence: Content of its licence.
        copier: Version of copier that the template is tested with.

    Raises:
        StagectlError: Git fails, or has the tag already for other content.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".git").exists():
        git.output(folder, "init", "--quiet", "--initial-branch=main")
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    checkout_files.write(folder / FOLDER, {**files, _ANSWERS: File(_ANSWERS_TEXT.encode())})
    questions = (Path(__file__).parent / _QUESTIONS).read_text(encoding="utf-8")
    for place, value in {
        _PLACE_OF_RESERVED_WORDS: sorted(reserved),
        _PLACE_OF_EXCLUSIONS: exclusions,
    }.items():
        questions = questions.replace(place, json.dumps(value))
    (folder / _QUESTIONS).write_text(questions, encoding="utf-8")
    (folder / "README.md").write_text(_README.format(name=product, copier=copier), encoding="utf-8")
    (folder / "LICENSE").write_bytes(licence)
    # Some of the files are ignored by the rules of the product in `template`.
    git.output(folder, "add", "--all", "--force")
    if not git.output(folder, "status", "--porcelain"):
        return False
    if git.output(folder, "tag", "--list", version):
        raise StagectlError(f"{folder} has the tag {version} already. Commit the change that you made here.")
    git.output(folder, *_AUTHOR, "commit", "--quiet", "--message", f"chore: template of {version}")
    git.output(folder, "tag", version)
    return True
