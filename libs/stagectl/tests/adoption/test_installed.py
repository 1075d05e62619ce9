"""stagectl as another repository installs it: from its wheel, without this checkout and without devtools."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).with_name("repository")
PROJECT = Path(__file__).parents[2]
PACKAGES = Path(pytest.__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with the wheel and what it depends on, and nothing else of this repository."""
    folder = tmp_path_factory.mktemp("installed")
    uv = Path(sys.executable).with_name("uv")
    # What it builds with is in uv itself.
    build = [str(uv), "build", "--quiet", "--offline", "--wheel", "--out-dir", str(folder), str(PROJECT)]
    subprocess.run(build, check=True)
    (wheel,) = folder.glob("*.whl")
    packages = folder / "packages"
    zipfile.ZipFile(wheel).extractall(packages)
    for package in PACKAGES.iterdir():
        if "big_mouth" not in package.name and package.suffix != ".pth":
            (packages / package.name).symlink_to(package)
    return packages


def run(installed: Path, *arguments: str, at: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "NO_COLOR": "1"}
    # -S: without the editable packages of this checkout.
    command = [sys.executable, "-S", *arguments]
    return subprocess.run(command, cwd=at, env=environment, capture_output=True, text=True, check=False)


def test_its_services_are_found_from_any_folder_with_their_order(installed: Path) -> None:
    listed = run(installed, "-m", "stagectl", "services", "--json", at=REPOSITORY / "apps" / "mail")

    assert listed.stderr == ""
    assert {one["name"]: (one["wave"], one["folder"]) for one in json.loads(listed.stdout)} == {
        "mail": (2, "apps/mail"),
        "notes": (1, "apps/notes"),
    }


def test_its_own_permanent_stages_are_never_removed(installed: Path) -> None:
    refused = run(installed, "-m", "stagectl", "down", "--stage", "production")

    assert refused.returncode == 2
    assert "Stage production is permanent" in refused.stderr


def test_commands_that_need_the_other_services_are_not_there(installed: Path) -> None:
    listed = run(installed, "-m", "stagectl", "--help")

    named = {line.split()[1] for line in listed.stdout.splitlines() if line.startswith("│ ")}
    assert {"up", "down", "diff", "invoke", "logs"} <= named
    assert not {"start", "orders", "users", "new-service"} & named


def test_without_the_table_the_message_shows_one(installed: Path, tmp_path: Path) -> None:
    refused = run(installed, "-m", "stagectl", "list", at=tmp_path)

    assert refused.returncode == 2
    assert 'the table [tool.stagectl] with project = "my-product"' in refused.stderr


def test_a_handler_that_is_written_with_slashes_is_invoked(installed: Path, tmp_path: Path) -> None:
    request = {
        "handler": "src/get.handle",
        "name": "notes-local-get",
        "arn": "arn",
        "memoryMb": 128,
        "seconds": 3,
        "event": {"id": "7"},
        "result": str(tmp_path / "result"),
    }
    program = str(installed / "stagectl" / "invocation" / "handler_invocation")
    folders = os.pathsep.join((str(REPOSITORY / "apps" / "notes"), str(installed)))

    ran = run(Path(folders), program, json.dumps(request))

    assert ran.returncode == 0, ran.stderr
    assert json.loads((tmp_path / "result").read_text()) == {"id": "7"}
