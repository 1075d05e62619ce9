"""The files that the package brings for the page."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service_kit.snapshots import before_snapshot

ASSETS = Path(__file__).parent.parent / "assets"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}


class AssetNotFoundError(Exception):
    """The package brings no such file."""

    def __init__(self) -> None:
        super().__init__("There is no such file.")


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    text: str
    content_type: str
    etag: str


@cache
def _names() -> frozenset[str]:
    return frozenset(
        file.relative_to(ASSETS).as_posix() for file in ASSETS.rglob("*") if file.suffix in CONTENT_TYPES
    )


def read_asset(name: str) -> Asset:
    """Give a file by its path below `assets`.

    Only names that were found in the folder are read, so no path leads out of it.

    Raises:
        AssetNotFoundError: there is none.
    """
    if name not in _names():
        raise AssetNotFoundError
    return _read(name)


def _read_all() -> None:
    for name in _names():
        _read(name)


before_snapshot(_read_all)


@cache
def _read(name: str) -> Asset:
    file = ASSETS / name
    content = file.read_bytes()
    return Asset(
        text=content.decode(),
        content_type=CONTENT_TYPES[file.suffix],
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    )
