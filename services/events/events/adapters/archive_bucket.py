"""The bucket of the archive."""

from events.domain.archive import ArchiveObject
from service_kit.aws import client
from service_kit.invocation import is_release_check

_OF_RELEASE_CHECKS = "release-check"


class ArchiveBucket:
    """Writes objects of the archive."""

    def __init__(self, name: str) -> None:
        self._name = name

    def put(self, one: ArchiveObject) -> None:
        """Write an object; the same one again changes nothing.

        A release check writes an empty object outside of the archive: S3 tries no permission without a write.

        Raises:
            botocore.exceptions.ClientError: S3 did not take it.
            botocore.exceptions.BotoCoreError: The same.
        """
        key, text = (_OF_RELEASE_CHECKS, "") if is_release_check() else (one.key, one.text)
        client("s3").put_object(
            Bucket=self._name, Key=key, Body=text.encode(), ContentType="application/x-ndjson"
        )
