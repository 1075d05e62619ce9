"""The files of releases that were replaced within the last day."""

import re
from functools import lru_cache

from botocore.exceptions import ClientError

from service_kit.aws import client
from web.domain.assets import Asset, AssetNotFoundError

# Names with a hash, of which alone the bucket has any.
_NAME = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*\.(?P<hash>[0-9a-f]{32})\.(?:css|js|svg)")
# Two releases of the pages, of 190 KB each.
_MAX_REMEMBERED = 24
# Without the permission to list a bucket, S3 answers 403 for what it does not have.
_NOT_FOUND = frozenset({"AccessDenied", "NoSuchKey"})


class AssetBucket:
    """The bucket that deployments of this service store their files in.

    Args:
        name: Its name.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._find = lru_cache(_MAX_REMEMBERED)(self._read)

    def find(self, name: str) -> Asset:
        """Return a file by its path with the hash of its content in the name.

        Raises:
            AssetNotFoundError: there is none, or the name has no hash.
        """
        match = _NAME.fullmatch(name)
        if match is None:
            raise AssetNotFoundError
        return self._find(name, match["hash"])

    def _read(self, name: str, content_hash: str) -> Asset:
        try:
            found = client("s3").get_object(Bucket=self._name, Key=f"assets/{name}")
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_FOUND:
                raise AssetNotFoundError from None
            raise
        return Asset(
            text=found["Body"].read().decode(),
            content_type=found["ContentType"],
            content_hash=content_hash,
        )
