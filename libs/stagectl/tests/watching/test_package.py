import importlib.util
import io
import time
import zipfile
from pathlib import Path

import pytest

from stagectl.watching.package import Package, read_tree

SOURCE = b"ANSWER = 1\n"


def bytecode_of(source: bytes) -> bytes:
    return b"magic..." + importlib.util.source_hash(source) + b"code"


def zip_of(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, file in files.items():
            archive.writestr(name, file)
    return content.getvalue()


def files_in(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


CACHED = importlib.util.cache_from_source("orders/settings.py")
DEPLOYED = {
    "boto3/__init__.pyc": b"library",
    "orders/settings.py": SOURCE,
    CACHED: bytecode_of(SOURCE),
    "service_kit/http.pyc": bytecode_of(SOURCE),
}


def patched(tree: dict[str, bytes]) -> dict[str, bytes]:
    return files_in(Package.read(zip_of(DEPLOYED), "orders").with_files(tree))


def test_an_unchanged_tree_makes_the_same_package() -> None:
    assert patched({"orders/settings.py": SOURCE, "service_kit/http.py": SOURCE}) == DEPLOYED


def test_a_changed_file_replaces_its_bytecode() -> None:
    assert patched({"orders/settings.py": b"ANSWER = 2\n", "service_kit/http.py": b"ANSWER = 3\n"}) == {
        "boto3/__init__.pyc": b"library",
        "orders/settings.py": b"ANSWER = 2\n",
        "service_kit/http.py": b"ANSWER = 3\n",
    }


def test_a_removed_file_is_not_in_it_and_a_new_one_is() -> None:
    assert patched({"orders/rating.py": SOURCE, "orders/page.html": b"page"}) == {
        "boto3/__init__.pyc": b"library",
        "orders/rating.py": SOURCE,
        "orders/page.html": b"page",
    }


def test_a_tree_is_read_without_bytecode(tmp_path: Path) -> None:
    for name in ("orders/domain/order.py", "orders/__pycache__/order.pyc", "tests/test_order.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(SOURCE)

    assert read_tree(tmp_path, "orders") == {"orders/domain/order.py": SOURCE}


def test_what_did_not_change_has_the_same_bytes_in_each_package(monkeypatch: pytest.MonkeyPatch) -> None:
    package, tree = Package.read(zip_of(DEPLOYED), "orders"), {"orders/rating.py": SOURCE}
    before = package.with_files(tree)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)

    assert package.with_files(tree) == before
