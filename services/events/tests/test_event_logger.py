"""Archiving the events of the bus."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from events import wiring
from events.domain.archive import ArchiveObject
from events.handlers.event_logger import handle
from events.release_checks import CHECKS
from service_kit import testing
from service_kit.invocation import CHECK_MARK
from service_kit.personal_data import MARK
from service_kit.testing import StubClient, bus_event, lambda_context, queue_message

from .archive_fakes import FakeArchive

ERASED = {
    "erasureId": "1",
    "service": "Crêperie 🥞",
    "metadata": {"correlationId": "c", "schemaVersion": "1"},
}
SCHEMAS = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parents[2].glob("*/events/*.schema.json"))
]


def message(
    name: str, detail: object = ERASED, detail_type: str = "user_erased", **members: str
) -> dict[str, Any]:
    event = bus_event(detail, detail_type=detail_type, event_id=f"event-{name}") | members
    return queue_message(name, event)


def deliver(*messages: dict[str, Any]) -> list[str]:
    return testing.deliver(handle, *messages)


def lines(archive: FakeArchive) -> list[dict[str, Any]]:
    return [json.loads(line) for text in archive.objects.values() for line in text.splitlines()]


def test_an_event_is_a_line_in_the_object_of_its_type_and_hour(archive: FakeArchive) -> None:
    assert deliver(message("a")) == []

    [key] = archive.objects
    assert key.startswith("events/user_erased/dt=2026-01-31/12/")
    assert lines(archive) == [
        {
            "id": "event-a",
            "time": "2026-01-31T12:00:00+00:00",
            "detailType": "user_erased",
            "source": "tests",
            "schemaVersion": "1",
            "detail": ERASED,
            "withheld": [],
        }
    ]


def test_the_hour_is_that_of_the_event_in_utc(archive: FakeArchive) -> None:
    deliver(message("a", time="2026-02-01T00:30:00+02:00"))
    assert [key.rpartition("/")[0] for key in archive.objects] == ["events/user_erased/dt=2026-01-31/22"]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: one["title"])
def test_of_every_event_all_is_archived_but_personal_data(
    archive: FakeArchive, schema: dict[str, Any]
) -> None:
    personal = {name for name, field in schema["properties"].items() if field and MARK in field}
    for number, example in enumerate(schema["examples"]):
        assert deliver(message(str(number), example, schema["title"])) == []
    for line, example in zip(lines(archive), schema["examples"], strict=True):
        assert line["detail"] == {name: value for name, value in example.items() if name not in personal}
        assert set(line["withheld"]) == personal & example.keys()


@pytest.mark.parametrize(
    ("added", "name"),
    [
        ({"phone": "+49 30 1"}, "phone"),
        ({"metadata": {"schemaVersion": "1", "user": "lovelace"}}, "metadata.user"),
        ({"service": {"owner": "lovelace"}}, "service"),
        ({"erasureId": ["lovelace"]}, "erasureId"),
    ],
)
def test_a_field_that_is_not_known_is_left_out_and_named(
    archive: FakeArchive, added: dict[str, Any], name: str
) -> None:
    assert deliver(message("a", ERASED | added)) == []
    [line] = lines(archive)
    assert line["withheld"] == [name]
    assert "lovelace" not in json.dumps(line)
    assert "+49" not in json.dumps(line)


def test_events_of_a_batch_share_an_object_and_are_in_their_order(archive: FakeArchive) -> None:
    late, early = message("late", time="2026-01-31T12:59:00Z"), message("early", time="2026-01-31T12:01:00Z")
    assert deliver(late, early, message("other", detail_type="user_erasure_requested")) == []
    assert archive.writes == 2
    assert [line["id"] for line in lines(archive)] == ["event-early", "event-late", "event-other"]


def test_an_event_that_comes_twice_in_a_batch_is_one_line(archive: FakeArchive) -> None:
    twice = queue_message("b", json.loads(message("a")["body"]))
    assert deliver(message("a"), twice) == []
    assert [line["id"] for line in lines(archive)] == ["event-a"]


def test_a_batch_that_is_delivered_again_is_written_to_the_same_object(archive: FakeArchive) -> None:
    deliver(message("a"), message("b"))
    before = dict(archive.objects)
    deliver(message("b"), message("a"))
    assert archive.objects == before
    assert archive.writes == 2


def test_a_large_event_is_archived_whole(archive: FakeArchive) -> None:
    name = "é🍔" * 35_000
    assert deliver(message("a", ERASED | {"service": name})) == []
    assert len(archive.objects.popitem()[1].encode()) > 200_000


@pytest.mark.parametrize("body", ["", "{", "[]", '{"detail-type": "user_erased"}', "null", '"\\ud800"'])
def test_what_cannot_be_read_fails_alone_and_shows_nothing_in_the_log(
    archive: FakeArchive, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deliver(queue_message("broken", body), message("good")) == ["broken"]
    assert [line["id"] for line in lines(archive)] == ["event-good"]
    assert "Crêperie" not in capsys.readouterr().out


def test_an_event_of_an_unknown_type_is_kept_for_the_next_version(archive: FakeArchive) -> None:
    assert deliver(message("new", detail_type="user_surprised"), message("good")) == ["new"]
    assert len(archive.objects) == 1


def test_only_the_events_that_s3_refuses_come_again(archive: FakeArchive) -> None:
    archive.refused = ("events/user_erasure_requested/",)
    assert deliver(message("a", detail_type="user_erasure_requested"), message("b")) == ["a"]


def test_an_object_is_written_as_lines_of_json(stub_client: StubClient) -> None:
    s3 = stub_client("s3")
    s3.add_response(
        "put_object",
        {},
        {
            "Bucket": "events-test-archive",
            "Key": "events/a/1.jsonl",
            "Body": '{"a":"é"}\n'.encode(),
            "ContentType": "application/x-ndjson",
        },
    )
    wiring.archive().put(ArchiveObject("events/a/1.jsonl", '{"a":"é"}\n', frozenset({"1"})))
    s3.assert_no_pending_responses()


def test_an_object_that_s3_refuses_is_an_error(stub_client: StubClient) -> None:
    stub_client("s3").add_client_error("put_object", "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        wiring.archive().put(ArchiveObject("events/a/1.jsonl", "", frozenset()))


def test_a_release_check_writes_beside_the_archive(stub_client: StubClient) -> None:
    s3 = stub_client("s3")
    s3.add_response(
        "put_object",
        {},
        {
            "Bucket": "events-test-archive",
            "Key": "release-check",
            "Body": b"",
            "ContentType": "application/x-ndjson",
        },
    )
    [check] = CHECKS["event-logger"]
    payload: dict[str, Any] = getattr(check, "payload") | {CHECK_MARK: True}  # noqa: B009, of a union
    assert handle(payload, lambda_context("event-logger")) == {"batchItemFailures": []}
    s3.assert_no_pending_responses()
