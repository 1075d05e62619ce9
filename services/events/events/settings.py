"""The typed environment; nothing else in this service reads `os.environ`."""

from service_kit.settings import ServiceSettings


class ArchiveSettings(ServiceSettings):
    """For the function that writes the archive."""

    archive_bucket_name: str
