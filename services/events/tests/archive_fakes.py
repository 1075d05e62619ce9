"""The bucket of the archive, in memory."""

from botocore.exceptions import ClientError

from events.domain.archive import ArchiveObject


class FakeArchive:
    """A bucket in memory, which may refuse objects below some folders."""

    def __init__(self) -> None:
        self.objects: dict[str, str] = {}
        self.writes = 0
        self.refused: tuple[str, ...] = ()

    def put(self, one: ArchiveObject) -> None:
        if one.key.startswith(self.refused or ("-",)):
            raise ClientError(
                {"Error": {"Code": "SlowDown", "Message": "Reduce your request rate."}}, "PutObject"
            )
        self.writes += 1
        self.objects[one.key] = one.text
