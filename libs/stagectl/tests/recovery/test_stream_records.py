import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from stagectl.recovery.stream_records import keys_of_failed_records

BATCH = {
    "shardId": "shardId-00000001617954000000-00000000",
    "startSequenceNumber": "100000000000000000000",
    "endSequenceNumber": "100000000000000000009",
    "batchSize": 3,
    "streamArn": "arn:aws:dynamodb:us-east-1:000000000000:table/orders-dev/stream/2026-01-31T00:00:00.000",
}
BODY = json.dumps({"DDBStreamBatchInfo": BATCH})


@pytest.fixture
def streams() -> Any:
    return boto3.client(
        "dynamodbstreams", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def stubbed(streams: Any) -> Iterator[Stubber]:
    with Stubber(streams) as stubber:
        yield stubber


def record(order_id: str, sequence_number: str) -> dict[str, Any]:
    return {"dynamodb": {"Keys": {"orderId": {"S": order_id}}, "SequenceNumber": sequence_number}}


def test_the_keys_of_the_batch_are_read_from_where_it_begins_to_where_it_ends(
    stubbed: Stubber, streams: Any
) -> None:
    stubbed.add_response(
        "get_shard_iterator",
        {"ShardIterator": "begin"},
        {
            "StreamArn": BATCH["streamArn"],
            "ShardId": BATCH["shardId"],
            "ShardIteratorType": "AT_SEQUENCE_NUMBER",
            "SequenceNumber": BATCH["startSequenceNumber"],
        },
    )
    stubbed.add_response(
        "get_records",
        {"Records": [record("o1", "100000000000000000000")], "NextShardIterator": "next"},
        {"ShardIterator": "begin", "Limit": 3},
    )
    stubbed.add_response(
        "get_records",
        {
            "Records": [record("o2", "100000000000000000009"), record("later", "100000000000000000010")],
            "NextShardIterator": "more",
        },
        {"ShardIterator": "next", "Limit": 2},
    )

    assert keys_of_failed_records(BODY, streams) == ["o1", "o2"]


@pytest.mark.parametrize("code", ["TrimmedDataAccessException", "ResourceNotFoundException"])
def test_records_that_are_gone_are_no_error(stubbed: Stubber, streams: Any, code: str) -> None:
    stubbed.add_client_error("get_shard_iterator", code)

    assert keys_of_failed_records(BODY, streams) is None
