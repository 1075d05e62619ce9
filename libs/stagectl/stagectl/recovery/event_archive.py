"""The archive of a stage's bus, which holds the events of some days for replays."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagectl.errors import StagectlError

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient

OWNER = "shared-infra"


@dataclass(frozen=True)
class Archive:
    """An archive of EventBridge.

    Attributes:
        arn: ARN of the archive.
        bus_name: Name of the bus that it keeps the events of.
        bus_arn: ARN of that bus.
        events: How many it holds; on AWS as of some time in the last 24 hours.
    """

    arn: str
    bus_name: str
    bus_arn: str
    events: int


def name_of(stage: str) -> str:
    """Return the name of a stage's bus, which is also its archive's."""
    return f"{OWNER}-{stage}"


def find(events: "EventBridgeClient", stage: str) -> Archive:
    """Return the archive of a stage.

    Raises:
        StagectlError: The stage has none.
    """
    name = name_of(stage)
    try:
        archive = events.describe_archive(ArchiveName=name)
    except events.exceptions.ResourceNotFoundException as error:
        raise StagectlError(
            f"Stage {stage} has no archive {name}, so nothing can be replayed. Deploy shared-infra "
            f"(stagectl up --stage {stage}); only later events are kept."
        ) from error
    return Archive(
        arn=archive["ArchiveArn"],
        bus_name=name,
        bus_arn=archive["EventSourceArn"],
        events=archive.get("EventCount", 0),
    )
