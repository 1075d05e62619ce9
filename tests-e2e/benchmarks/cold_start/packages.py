"""Packages as Lambda unpacks them: with the bytecode that they came with, or with valid or stale one."""

import os
import shutil
import subprocess
import zipfile
from enum import StrEnum
from pathlib import Path

from stagectl.checkout import Checkout
from stagectl.deployment import build_folders

from benchmarks.cold_start.trust import Trust, trust_it_too
from support.stage import REPOSITORY

UV = str(REPOSITORY / ".venv" / "bin" / "uv")
REFERENCES = Path(__file__).parent / "references"
# What the Lambda runtime brings, and serverless-python-requirements leaves out.
_BOTO3 = ("boto3/", "botocore/", "s3transfer/", "boto3-", "botocore-", "s3transfer-")
IN_THE_RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


class Bytecode(StrEnum):
    """What `.pyc` files a package has."""

    SHIPPED = "shipped"
    VALID = "valid"
    STALE = "stale"


def package_services() -> None:
    """Run `sls package` for this machine in every service, as a deployment to the emulator would."""
    without_aws = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with build_folders.hold(Checkout(REPOSITORY), "packaging for the cold-start laboratory"):
        for definition in sorted(REPOSITORY.glob("services/*/serverless.yml")):
            subprocess.run(
                [REPOSITORY / "node_modules" / ".bin" / "sls", "package", "--stage", "local"],
                cwd=definition.parent,
                env=without_aws,
                check=True,
                capture_output=True,
            )


def unpack(artifact: Path, folder: Path, *, python: Path, bytecode: Bytecode, trust: Trust) -> None:
    """Unpack a zip into a new read-only folder.

    Args:
        artifact: The zip.
        folder: The new folder.
        python: The interpreter whose bytecode is meant.
        bytecode: Whether to leave the bytecode as it is or replace it.
        trust: What each bundle of certificates in the package shall trust besides.
    """
    with zipfile.ZipFile(artifact) as opened:
        opened.extractall(folder)
    _finish(folder, python=python, bytecode=bytecode, trust=trust)


def size_without_boto3(artifact: Path) -> int:
    """Return the bytes of a zip without what the Lambda runtime brings as well."""
    with zipfile.ZipFile(artifact) as opened:
        brought_along = sum(
            member.compress_size for member in opened.infolist() if member.filename.startswith(_BOTO3)
        )
    return artifact.stat().st_size - brought_along


def install_reference(name: str, folder: Path, *, python: Path, bytecode: Bytecode, trust: Trust) -> None:
    """Make the package of a reference handler, as serverless-python-requirements would."""
    shutil.copytree(REFERENCES / name, folder)
    requirements = folder / "requirements.txt"
    if requirements.is_file():
        install: list[str | Path] = [
            UV,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--target",
            folder,
            "--link-mode",
            "copy",
        ]
        subprocess.run([*install, "--require-hashes", "--requirements", requirements], check=True)
        for package in IN_THE_RUNTIME:
            shutil.rmtree(folder / package, ignore_errors=True)
            (folder / f"{package}.py").unlink(missing_ok=True)
    _finish(folder, python=python, bytecode=bytecode, trust=trust)


def install_runtime(folder: Path, *, python: Path, trust: Trust) -> Path:
    """Make an interpreter that has what the Lambda runtime brings, and give it."""
    subprocess.run([UV, "venv", "--quiet", "--python", python, folder], check=True)
    interpreter = folder / "bin" / "python"
    requirements = Path(__file__).parent / "runtime.txt"
    install: list[str | Path] = [
        UV,
        "pip",
        "install",
        "--quiet",
        "--python",
        interpreter,
        "--link-mode",
        "copy",
    ]
    subprocess.run([*install, "--require-hashes", "--requirements", requirements], check=True)
    compile_valid(folder, interpreter)
    trust_it_too(trust, folder)
    return interpreter


def compile_valid(folder: Path, python: Path) -> None:
    """Compile all modules to bytecode that is never compared with its source, as AWS does for its runtime."""
    flags = ["-q", "-f", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([python, "-m", "compileall", *flags, folder], check=False, stdout=subprocess.DEVNULL)


def _finish(folder: Path, *, python: Path, bytecode: Bytecode, trust: Trust) -> None:
    if bytecode is not Bytecode.SHIPPED:
        for cache in [*folder.rglob("__pycache__")]:
            shutil.rmtree(cache)
    if bytecode is Bytecode.VALID:
        compile_valid(folder, python)
    if bytecode is Bytecode.STALE:
        _compile_stale(folder, python)
    trust_it_too(trust, folder)
    for file in [folder, *folder.rglob("*")]:
        file.chmod(file.stat().st_mode & ~0o222)


def _compile_stale(folder: Path, python: Path) -> None:
    """Compile, and then date the sources as a zip does: the bytecode was made for files of another date."""
    subprocess.run([python, "-m", "compileall", "-q", folder], check=False, stdout=subprocess.DEVNULL)
    for source in folder.rglob("*.py"):
        os.utime(source, (315_532_800, 315_532_800))
