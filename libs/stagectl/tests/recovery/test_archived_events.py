"""Searching the archive of events."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from stagectl.errors import StagectlError, UsageError
from stagectl.recovery import archived_events
from stagectl.recovery.archived_events import Search

BUCKET = "events-dev-archive"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class FakeS3:
    """One bucket in memory, as a client of S3."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str, Delimiter: str | None = None) -> Iterator[Any]:  # noqa: N803
        assert Bucket == BUCKET
        keys = sorted(key for key in self.objects if key.startswith(Prefix))
        if Delimiter is not None:
            folders = {Prefix + key.removeprefix(Prefix).partition(Delimiter)[0] + Delimiter for key in keys}
            yield {"CommonPrefixes": [{"Prefix": folder} for folder in sorted(folders)]}
            return
        for key in keys:
            yield {"Contents": [{"Key": key}]}

    def get_object(self, *, Bucket: str, Key: str) -> Any:  # noqa: N803
        assert Bucket == BUCKET
        return {"Body": BytesIO(self.objects[Key])}


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3()


def event(name: str, at: datetime, order_id: str = "1", detail_type: str = "order_placed") -> dict[str, Any]:
    detail = {"orderId": order_id, "restaurantName": "Crêperie 🥞\u2028"}
    return {"id": name, "time": at.isoformat(), "detailType": detail_type, "detail": detail}


def put(s3: FakeS3, name: str, *events: dict[str, Any]) -> None:
    at = datetime.fromisoformat(events[0]["time"])
    folder = f"events/{events[0]['detailType']}/dt={at:%Y-%m-%d}/{at:%H}"
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events)
    s3.objects[f"{folder}/{name}.jsonl"] = text.encode()


def search(s3: FakeS3, **options: Any) -> Search:
    given: dict[str, Any] = {
        "since": NOON - timedelta(days=2),
        "until": NOON + timedelta(days=1),
        "at_most": 100,
    } | options
    client: Any = s3
    return archived_events.search(client, BUCKET, **given)


def names(found: Search) -> list[str]:
    return [one["id"] for one in found.events]


def test_events_of_all_types_are_found_by_time(s3: FakeS3) -> None:
    put(s3, "x", event("late", NOON), event("early", NOON - timedelta(minutes=1)))
    put(s3, "y", event("middle", NOON - timedelta(seconds=30), detail_type="order_expired"))
    put(s3, "z", event("yesterday", NOON - timedelta(days=1)))
    assert names(search(s3)) == ["yesterday", "early", "middle", "late"]


def test_an_event_that_was_archived_twice_is_found_once(s3: FakeS3) -> None:
    put(s3, "x", event("a", NOON))
    put(s3, "y", event("a", NOON), event("b", NOON))
    assert names(search(s3)) == ["a", "b"]


def test_an_order_is_found_by_its_id_and_not_by_part_of_it(s3: FakeS3) -> None:
    put(s3, "x", event("a", NOON, order_id="12"), event("b", NOON, order_id="1"))
    assert names(search(s3, order_id="1")) == ["b"]


def test_only_the_types_that_are_named_are_read(s3: FakeS3) -> None:
    put(s3, "x", event("a", NOON))
    put(s3, "y", event("b", NOON, detail_type="order_expired"))
    found = search(s3, detail_types=["order_expired"])
    assert (names(found), found.objects) == (["b"], 1)


def test_only_the_hours_of_the_range_are_read_and_both_ends_belong_to_it(s3: FakeS3) -> None:
    for hours in range(4):
        put(s3, str(hours), event(str(hours), NOON + timedelta(hours=hours)))
    found = search(s3, since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=2))
    assert (names(found), found.objects) == (["1", "2"], 2)


def test_a_range_may_pass_midnight_in_another_time_zone(s3: FakeS3) -> None:
    put(s3, "x", event("a", datetime(2026, 1, 31, 23, 30, tzinfo=UTC)))
    put(s3, "y", event("b", datetime(2026, 2, 1, 0, 30, tzinfo=UTC)))
    found = search(
        s3,
        since=datetime.fromisoformat("2026-02-01T00:00:00+02:00"),
        until=datetime.fromisoformat("2026-02-01T03:00:00+02:00"),
    )
    assert names(found) == ["a", "b"]


def test_a_line_separator_in_a_name_ends_no_event(s3: FakeS3) -> None:
    put(s3, "x", event("a", NOON), event("b", NOON))
    assert search(s3).events[0]["detail"]["restaurantName"] == "Crêperie 🥞\u2028"


def test_a_large_event_is_read_whole(s3: FakeS3) -> None:
    large = event("a", NOON)
    large["detail"]["restaurantName"] = "é" * 100_000
    put(s3, "x", large)
    assert search(s3).events == [large]


def test_the_first_events_are_returned_when_there_are_more_than_wanted(s3: FakeS3) -> None:
    put(s3, "x", event("b", NOON), event("a", NOON - timedelta(minutes=1)))
    found = search(s3, at_most=1)
    assert (names(found), found.is_complete) == (["a"], False)


def test_a_search_reads_a_bounded_number_of_objects(s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archived_events, "MOST_OBJECTS", 1)
    put(s3, "x", event("a", NOON))
    put(s3, "y", event("b", NOON))
    found = search(s3)
    assert (found.objects, found.is_complete) == (1, False)


def test_an_empty_range_is_refused(s3: FakeS3) -> None:
    with pytest.raises(UsageError, match="The range is empty"):
        search(s3, since=NOON, until=NOON)


class FakeSsm:
    """Parameters, as a client of SSM."""

    class exceptions:  # noqa: N801, as boto3 has it
        """What it raises."""

        ParameterNotFound = KeyError

    def get_parameter(self, *, Name: str) -> Any:  # noqa: N803
        return {"Parameter": {"Value": {"/events/dev/archiveBucketName": BUCKET}[Name]}}


def test_a_stage_without_an_archive_is_named() -> None:
    ssm: Any = FakeSsm()
    assert archived_events.bucket_of(ssm, "dev") == BUCKET
    with pytest.raises(StagectlError, match="Stage staging has no archive of events"):
        archived_events.bucket_of(ssm, "staging")
