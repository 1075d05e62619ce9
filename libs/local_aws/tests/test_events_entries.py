from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
GOOD = {"Source": "test", "DetailType": "test", "Detail": '{"a": 1}'}
BYTES_OF_THE_REST = len("test" + "test" + '{"a": ""}')


@pytest.mark.parametrize("detail", ["[]", '"text"', "1", "null", "{", "not JSON", "[" * 100_000])
def test_a_detail_that_is_no_object_is_refused(aws: Client, detail: str) -> None:
    answer = aws("events").put_events(Entries=[GOOD, {**GOOD, "Detail": detail}])

    assert answer["FailedEntryCount"] == 1
    assert "EventId" in answer["Entries"][0]
    assert answer["Entries"][1]["ErrorCode"] == "MalformedDetail"


@pytest.mark.parametrize("name", GOOD)
def test_an_event_has_a_source_a_detail_type_and_a_detail(aws: Client, name: str) -> None:
    answer = aws("events").put_events(Entries=[{key: GOOD[key] for key in GOOD if key != name}, GOOD])

    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == "InvalidArgument"
    assert name in answer["Entries"][0]["ErrorMessage"]


def test_a_detail_type_has_at_most_128_characters(aws: Client) -> None:
    answer = aws("events").put_events(Entries=[{**GOOD, "DetailType": "a" * 129}])

    assert answer["FailedEntryCount"] == 1


def test_all_entries_together_have_less_than_one_mebibyte(aws: Client) -> None:
    def entry(total: int) -> dict[str, str]:
        return {**GOOD, "Detail": f'{{"a": "{"x" * (total - BYTES_OF_THE_REST)}"}}'}

    assert aws("events").put_events(Entries=[entry(1_048_575)])["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="over the limit"):
        aws("events").put_events(Entries=[entry(1_048_576)])
    with pytest.raises(ClientError, match="over the limit"):
        aws("events").put_events(Entries=[entry(600_000), entry(600_000)])
