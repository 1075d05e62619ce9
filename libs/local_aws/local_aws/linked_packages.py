"""Unpacks each file of the functions' packages once, and links it into every environment.

AWS unpacks a package beside the function. MiniStack does it for each environment, in the process that serves
all requests: 0.1 s when nothing else runs, 0.4 s while another function starts. Most files are those of the
service's other functions, and of the version before.

Linked files are read-only, as all code is on AWS. For root, who may write to them nevertheless, what a
function has changed is unpacked again for the next environment.
"""

import hashlib
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

__all__ = ["LinkedPackage", "UnpackedFiles", "install"]

_READ_ONLY = 0o444
_MOST_FILES = 5_000


class UnpackedFiles:
    """Files by the hash of what a package holds for them.

    Args:
        most: From how many on those are removed that no environment has.
    """

    def __init__(self, most: int = _MOST_FILES) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ministack-packages-")
        self._most = most
        self._written: dict[Path, int | None] = {}
        self.lock = threading.Lock()

    def has_linked(self, packed: bytes, target: Path) -> bool:
        """Link a file; False when it was not unpacked before, or was changed or removed since."""
        file = self._place(packed)
        if file not in self._written:
            return False
        if _written_at(file) != self._written[file]:
            self._forget(file)
            return False
        try:
            target.hardlink_to(file)
        except FileNotFoundError:
            target.parent.mkdir(parents=True)
            target.hardlink_to(file)
        return True

    def keep(self, packed: bytes, unpacked: Path) -> None:
        """Keep a file that was unpacked."""
        file = self._place(packed)
        unpacked.chmod(_READ_ONLY)
        file.hardlink_to(unpacked)
        self._written[file] = _written_at(file)

    def clean_up(self) -> None:
        """Remove files that no environment has, when there are many."""
        if len(self._written) > self._most:
            for file in [one for one in self._written if not one.exists() or one.stat().st_nlink == 1]:
                self._forget(file)

    def _place(self, packed: bytes) -> Path:
        return Path(self._folder.name, hashlib.sha256(packed).hexdigest())

    def _forget(self, file: Path) -> None:
        del self._written[file]
        file.unlink(missing_ok=True)


class LinkedPackage(zipfile.ZipFile):
    """A zip on disk whose files are unpacked once."""

    files = UnpackedFiles()

    def extractall(self, path: Any = None, *_: Any, **__: Any) -> None:
        """Let a new folder have all files."""
        with self.files.lock:
            for info, packed in self._packed():
                target = Path(path, info.filename)
                if not self.files.has_linked(packed, target):
                    unpacked = Path(self.extract(info, path))
                    # Names that lead elsewhere are cut.
                    if unpacked == target and not info.is_dir():
                        self.files.keep(packed, unpacked)
            self.files.clean_up()

    def _packed(self) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
        """Yield each file, and what the zip holds for it: name, attributes and content."""
        content = Path(str(self.filename)).read_bytes()
        entries = sorted(self.infolist(), key=lambda info: info.header_offset)
        ends = [*(info.header_offset for info in entries), len(content)]
        for info, (start, end) in zip(entries, pairwise(ends), strict=True):
            # Of two with one name, the last counts.
            if self.getinfo(info.filename) is info:
                yield info, content[start:end]


def _written_at(file: Path) -> int | None:
    return file.stat().st_mtime_ns if file.exists() else None


def remove_later(worker: Any) -> None:
    """Remove the folder of an environment that ended, in the background."""
    folder, worker._tmpdir = worker._tmpdir, None
    if folder:
        threading.Thread(target=shutil.rmtree, args=(folder, True)).start()


def install() -> None:
    """Make MiniStack's environments do it."""
    lambda_runtime.Worker._discard_tmpdir = remove_later
    lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": LinkedPackage})
