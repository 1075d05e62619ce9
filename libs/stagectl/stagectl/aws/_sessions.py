"""Create AWS clients."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3


def session() -> "boto3.Session":
    """Return a session for the target that was entered last.

    It is a new one each time, as boto3's default session would keep the credentials of the first target; and
    boto3 is imported here, as that takes longer than most commands.
    """
    import boto3  # noqa: PLC0415

    return boto3.Session()


def pages(
    listing: Callable[..., Mapping[str, Any]], *, following: str = "NextToken", **arguments: Any
) -> Iterator[Mapping[str, Any]]:
    """Yield all answers of a listing that boto3 has no paginator for.

    Args:
        listing: Method of a client.
        following: What the request calls the place to go on from; the answer may put `Next` before it.
        arguments: What is listed.
    """
    answer = listing(**arguments)
    yield answer
    while token := answer.get(following) or answer.get(f"Next{following}"):
        answer = listing(**arguments, **{following: token})
        yield answer
