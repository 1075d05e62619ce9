import importlib.metadata
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import copier
import pytest

from devtools.template import checkout_files, examples, making, repository
from devtools.template.checkout_files import SUFFIX, File
from stagectl.checkout import Checkout

CHECKOUT = Checkout.of_this_file()
RESERVED = making.reserved(CHECKOUT)
Write = Callable[[Mapping[str, str], str], bool]


def write_template(
    folder: Path, files: Mapping[str, File], version: str = "2026.11.28.120000", exclusions: str = ""
) -> bool:
    return repository.write(
        folder,
        files,
        reserved=RESERVED,
        exclusions=exclusions,
        version=version,
        product="Big Mouth",
        licence=b"MIT",
        copier=importlib.metadata.version("copier"),
    )


def render(template: Path, product: Path, **answers: str | bool) -> Path:
    copier.run_copy(str(template), product, data=answers, defaults=True, quiet=True)
    return product


def update(product: Path, **answers: bool) -> None:
    copier.run_update(product, data=answers, defaults=True, overwrite=True, quiet=True)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit_all(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "feat: something")


@pytest.fixture(autouse=True, scope="session")
def author() -> Iterator[None]:
    """Commits need an author, whatever git knows of this machine's user."""
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ada")
            patch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
        yield


@pytest.fixture(scope="session")
def files() -> Mapping[str, File]:
    """The files of this checkout's template."""
    return checkout_files.read(CHECKOUT.root)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, files: Mapping[str, File]) -> Path:
    """The template of this checkout, without the files that are only copied."""
    folder = tmp_path_factory.mktemp("template") / "template"
    some = {path: file for path, file in files.items() if path.endswith(SUFFIX) or file.is_executable}
    exclusions = examples.exclusions(checkout_files.paths(CHECKOUT.root))
    write_template(folder, some, exclusions=exclusions)
    return folder


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """Tiny Cinema, made from this checkout, without the files that are only copied."""
    return render(template, tmp_path_factory.mktemp("product") / "tiny-cinema", product_name="Tiny Cinema")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes some files as a version of the template into the folder `template`."""

    def of(texts: Mapping[str, str], version: str) -> bool:
        files = {path: File(text.encode()) for path, text in texts.items()}
        return write_template(tmp_path / "template", checkout_files.as_template(files), version)

    return of


@pytest.fixture(scope="session")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template of one file, which holds each form of the names."""
    folder = tmp_path_factory.mktemp("questions")
    names = "Big Mouth big-mouth big_mouth Big-Mouth BigMouth bigmouth BIGMOUTH @big-mouth/ops"
    write_template(folder, checkout_files.as_template({"names.txt": File(names.encode())}))
    return folder
