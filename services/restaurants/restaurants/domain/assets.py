"""The files that the landing page loads."""

from dataclasses import dataclass

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
"""The content type of each suffix; files with another suffix are not served."""


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    text: str
    content_type: str
    etag: str


class AssetNotFoundError(Exception):
    """The package has no such file."""

    def __init__(self) -> None:
        super().__init__("There is no such file.")
