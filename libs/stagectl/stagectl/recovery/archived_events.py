"""Search the archive of a stage's events: the bucket that services/events writes."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from stagectl.errors import StagectlError, UsageError
from stagectl.terminal.json_document import shown_time

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_ssm.client import SSMClient

MOST_OBJECTS = 20_000
"""How many objects are read for one search: about a minute of reading."""

_ROOT = "events/"
_THREADS = 8


@dataclass
class Search:
    """What a search found.

    Attributes:
        events: The events, by time.
        objects: How many objects were read.
        is_complete: Whether no limit ended the search.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    objects: int = 0
    is_complete: bool = True


def bucket_of(ssm: "SSMClient", stage: str) -> str:
    """Return the bucket of a stage's archive.

    Raises:
        StagectlError: The stage has none.
    """
    try:
        parameter = ssm.get_parameter(Name=f"/events/{stage}/archiveBucketName")["Parameter"]
    except ssm.exceptions.ParameterNotFound as error:
        raise StagectlError(
            f"Stage {stage} has no archive of events, which begins with its deployment: "
            f"stagectl up --stage {stage} --service events."
        ) from error
    return parameter["Value"]


def search(
    s3: "S3Client",
    bucket: str,
    *,
    since: datetime,
    until: datetime,
    detail_types: Sequence[str] = (),
    order_id: str | None = None,
    at_most: int,
) -> Search:
    """Return the archived events of a time range.

    Args:
        s3: Client of S3.
        bucket: The bucket.
        since: Time of the first event.
        until: Time of the last event.
        detail_types: Their types; all when there are none.
        order_id: The order that they are of, if only one is wanted.
        at_most: How many to return at most; the others are left out, and the search is not complete.

    Raises:
        UsageError: The range is empty.
    """
    if since >= until:
        raise UsageError(
            f"The range is empty: {shown_time(since, timespec='seconds')} to "
            f"{shown_time(until, timespec='seconds')}. Pass --from before --to."
        )
    found = Search()
    by_id: dict[str, dict[str, Any]] = {}
    types = detail_types or _types(s3, bucket)
    keys = [key for kind in types for key in _keys(s3, bucket, kind, since, until)]
    found.is_complete = len(keys) <= MOST_OBJECTS
    found.objects = min(len(keys), MOST_OBJECTS)

    def read(key: str) -> str:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()

    with ThreadPoolExecutor(_THREADS) as pool:
        for text in pool.map(read, keys[:MOST_OBJECTS]):
            # Not by `splitlines`: a text in JSON may hold U+2028, which is another end of line.
            for line in filter(None, text.split("\n")):
                if order_id is not None and order_id not in line:
                    continue
                event = json.loads(line)
                if order_id is not None and event["detail"].get("orderId") != order_id:
                    continue
                if since <= datetime.fromisoformat(event["time"]) <= until:
                    # A message that was delivered twice may be in two objects.
                    by_id[event["id"]] = event
    found.events = sorted(by_id.values(), key=lambda event: (event["time"], event["id"]))
    if len(found.events) > at_most:
        found.is_complete = False
        found.events = found.events[:at_most]
    return found


def _types(s3: "S3Client", bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_ROOT, Delimiter="/")
    prefixes = [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", ())]
    return [prefix.removeprefix(_ROOT).rstrip("/") for prefix in prefixes]


def _keys(s3: "S3Client", bucket: str, detail_type: str, since: datetime, until: datetime) -> Iterator[str]:
    """Yield the keys of the objects of a type that may hold events of a time range, by day and hour."""
    first, last = (f"dt={at.astimezone(UTC):%Y-%m-%d}/{at.astimezone(UTC):%H}" for at in (since, until))
    day = since.astimezone(UTC).date()
    while day <= until.astimezone(UTC).date():
        folder = f"{_ROOT}{detail_type}/"
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{folder}dt={day}/"):
            for one in page.get("Contents", ()):
                # Names sort as their hours do.
                if first <= one["Key"].removeprefix(folder).rpartition("/")[0] <= last:
                    yield one["Key"]
        day += timedelta(days=1)
