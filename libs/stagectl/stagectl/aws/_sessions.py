"""Create AWS clients."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3
    from botocore.loaders import Loader


def session(**settings: str | None) -> "boto3.Session":
    """Return a session for the target that was entered last.

    It is a new one each time, as boto3's default session would keep the credentials of the first target.
    All share botocore's descriptions of services: to read them takes ten times as long as all else of a
    client.

    Args:
        settings: Arguments of `boto3.Session` for what differs from the target, such as a region or a key.
    """
    # Imported here, as that takes longer than most commands.
    import boto3  # noqa: PLC0415
    import botocore.session  # noqa: PLC0415

    core = botocore.session.get_session()
    core.register_component("data_loader", _service_descriptions())
    return boto3.Session(botocore_session=core, **settings)


@cache
def _service_descriptions() -> "Loader":
    from botocore.loaders import create_loader  # noqa: PLC0415

    return create_loader()


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
