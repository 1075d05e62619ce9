"""The way to AWS clients."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import boto3


def session() -> "boto3.Session":
    """Return a session for the target that was entered last.

    It is a new one each time, as boto3's default session would keep the credentials of the first target; and
    boto3 is imported here, as that takes longer than most commands.
    """
    import boto3  # noqa: PLC0415

    return boto3.Session()
