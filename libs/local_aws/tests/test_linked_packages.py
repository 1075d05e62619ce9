"""Environments share files, and yet none sees what another has written."""

import json
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stagectl.checkout import Checkout

from . import functions

Aws = Callable[..., Any]
SOURCE = """
import os, pathlib

def handle(event, context):
    file = pathlib.Path(__file__)
    if event == "write":
        try:
            file.write_text("raise RuntimeError")
        except PermissionError:
            pass
    return [file.stat().st_ino, file.stat().st_mode & 0o777]
"""


def answered(aws: Aws, function: str, event: str = "") -> Any:
    return json.load(aws("lambda").invoke(FunctionName=function, Payload=json.dumps(event))["Payload"])


def test_a_file_is_unpacked_once_for_all_functions_that_have_it(aws: Aws) -> None:
    source = SOURCE + f"# {uuid.uuid4()}"
    one, other = (answered(aws, functions.made(aws, source)) for _ in range(2))

    assert one == other


def test_what_a_function_writes_into_its_code_reaches_no_environment_that_starts_later(aws: Aws) -> None:
    source = SOURCE + f"# {uuid.uuid4()}"
    before = answered(aws, functions.made(aws, source), "write")
    after = answered(aws, functions.made(aws, source))

    assert (before[1], after[1]) == (0o444, 0o444)


def run(script: str, tmp_path: Path) -> str:
    """Run a script in the emulator's own interpreter, since the module imports MiniStack."""
    checkout = Checkout(Path(__file__).parents[3])
    done = subprocess.run(
        [
            str(checkout.emulator_python),
            "-c",
            f"import sys; sys.path.insert(0, 'libs/local_aws')\n{PREPARED}\n{script}",
            str(tmp_path),
        ],
        cwd=checkout.root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


PREPARED = """
import pathlib, zipfile
from local_aws.linked_packages import LinkedPackage, UnpackedFiles

root = pathlib.Path(sys.argv[1])

def unpacked(folder, *files):
    package = root / f"{folder}.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for name, text in files:
            archive.writestr(zipfile.ZipInfo(name), text)
    LinkedPackage(package).extractall(root / folder)
    return root / folder
"""


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ([("a/b.py", "one"), ("a/", ""), ("c.py", "two")], "a/b.py=one c.py=two"),
        ([("a.py", "first"), ("a.py", "last")], "a.py=last"),
        ([("../a.py", "outside")], "a.py=outside"),
    ],
    ids=["in folders", "twice under one name", "outside of the folder"],
)
def test_a_package_is_unpacked_the_same_the_second_time(
    tmp_path: Path, files: list[tuple[str, str]], found: str
) -> None:
    script = f"""
for folder in ("code/one", "code/other"):
    (root / folder).mkdir(parents=True)
    there = unpacked(folder, *{files})
    print(*(f"{{p.relative_to(there)}}={{p.read_text()}}" for p in sorted(there.rglob("*.py"))))
print(*(p for p in root.rglob("*.py") if len(p.relative_to(root / "code").parts) < 2))
"""
    assert run(script, tmp_path) == f"{found}\n{found}\n\n"


def test_files_that_no_environment_has_are_removed_when_there_are_many(tmp_path: Path) -> None:
    script = """
import shutil
LinkedPackage.files = UnpackedFiles(most=1)
shutil.rmtree(unpacked("old", ("a.py", "one")))
unpacked("new", ("b.py", "two"), ("c.py", "three"))
print(len(list(pathlib.Path(LinkedPackage.files._folder.name).iterdir())))
"""
    assert run(script, tmp_path) == "2\n"
