"""A deployed package with its service's own files as they stand in the working tree."""

import importlib.util
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SHARED = "service_kit"
"""The package that every service bundles."""

_CACHED = "__pycache__"
_HASH = slice(8, 16)
"""Where hash-based bytecode holds the hash of its source (PEP 552)."""


@dataclass(frozen=True)
class Package:
    """A package as it was deployed.

    Attributes:
        libraries: A zip of the files that are not the repository's own.
        own: The other files by name.
    """

    libraries: bytes
    own: Mapping[str, bytes]

    @classmethod
    def read(cls, deployed: bytes, package: str) -> "Package":
        """Read a deployed zip.

        Args:
            deployed: The zip.
            package: Name of the service's Python package.
        """
        own, others = {}, io.BytesIO()
        ours = (f"{package}/", f"{SHARED}/")
        with (
            zipfile.ZipFile(io.BytesIO(deployed)) as source,
            # The emulator unpacks it more often than it is made.
            zipfile.ZipFile(others, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as libraries,
        ):
            for name in source.namelist():
                if name.startswith(ours):
                    own[name] = source.read(name)
                else:
                    libraries.writestr(name, source.read(name))
        return cls(others.getvalue(), own)

    def unpack_libraries(self, folder: Path) -> None:
        """Unpack the files that are not the repository's own."""
        with zipfile.ZipFile(io.BytesIO(self.libraries)) as libraries:
            libraries.extractall(folder)

    def with_files(self, tree: Mapping[str, bytes]) -> bytes:
        """Return a zip in which the service and the shared library are those of the working tree.

        Bytecode of unchanged sources is kept, which halves the time to import them.

        Args:
            tree: All files of both packages by name, as `read_tree` returns them.
        """
        package = io.BytesIO(self.libraries)
        with zipfile.ZipFile(package, "a", zipfile.ZIP_STORED) as archive:
            for name, content in tree.items():
                for entry, bytes_ in self._entries(name, content):
                    # Without the time, so that what did not change has the same bytes again.
                    archive.writestr(zipfile.ZipInfo(entry), bytes_)
        return package.getvalue()

    def _entries(self, name: str, source: bytes) -> list[tuple[str, bytes]]:
        if name.endswith(".py"):
            for compiled in (importlib.util.cache_from_source(name), f"{name}c"):
                bytecode = self.own.get(compiled, b"")
                if bytecode[_HASH] == importlib.util.source_hash(source):
                    kept = [(compiled, bytecode)]
                    return [*kept, (name, source)] if name in self.own else kept
        return [(name, source)]


def read_tree(folder: Path, package: str) -> dict[str, bytes]:
    """Return the files of a Python package by their names below a folder.

    A file that disappears meanwhile is left out: the next change is on its way.
    """
    found = {}
    for path in sorted((folder / package).rglob("*")):
        if _CACHED in path.parts:
            continue
        try:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            continue
    return found
