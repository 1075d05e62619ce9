"""The archive of a stage's bus: every event of some days, to be replayed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagectl import aws
from stagectl.errors import StagectlError

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient

OWNER = "shared-infra"
EMULATOR_RETENTION_DAYS = 1
EVENT_PATTERN = '{"source": ["big-mouth"]}'


@dataclass(frozen=True)
class Archive:
    """What EventBridge says of an archive.

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
            f"Stage {stage} has no archive {name}, so nothing can be replayed: deploy shared-infra "
            f"(stagectl up --stage {stage}); only what comes after that is kept"
        ) from error
    return Archive(
        arn=archive["ArchiveArn"],
        bus_name=name,
        bus_arn=archive["EventSourceArn"],
        events=archive.get("EventCount", 0),
    )


def ensure_on_emulator(stage: str) -> None:
    """Make the archive of a stage on the emulator, unless it is there.

    On AWS shared-infra's stack makes it. The emulator has archives too, and its CloudFormation does not know
    them. The stage's target must have been entered.
    """
    events = aws.session().client("events")
    name = name_of(stage)
    bus_arn = events.describe_event_bus(Name=name)["Arn"]
    try:
        events.create_archive(
            ArchiveName=name,
            EventSourceArn=bus_arn,
            EventPattern=EVENT_PATTERN,
            RetentionDays=EMULATOR_RETENTION_DAYS,
        )
    except events.exceptions.ResourceAlreadyExistsException:
        return


def remove_from_emulator(stage: str) -> None:
    """Remove the archive that `ensure_on_emulator` made, if it is there."""
    events = aws.session().client("events")
    try:
        events.delete_archive(ArchiveName=name_of(stage))
    except events.exceptions.ResourceNotFoundException:
        return
