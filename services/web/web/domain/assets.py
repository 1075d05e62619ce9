"""The files that the pages load."""

from dataclasses import dataclass

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
"""The content type of each suffix; files with another suffix are not served."""


@dataclass(frozen=True)
class Asset:
    """A file as it is sent.

    Attributes:
        text: Its content.
        content_type: Its content type, with the character set.
        content_hash: 32 hexadecimal digits that follow from the content.
    """

    text: str
    content_type: str
    content_hash: str

    @property
    def etag(self) -> str:
        """The file's entity tag."""
        return f'"{self.content_hash}"'


class AssetNotFoundError(Exception):
    """The package has no such file."""

    def __init__(self) -> None:
        super().__init__("There is no such file.")
