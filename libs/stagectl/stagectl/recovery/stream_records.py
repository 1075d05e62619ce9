"""The records of a table's stream that a function failed on, found by Lambda's failure message."""

import json
from collections.abc import Iterator
from typing import Any

from stagectl import aws

_GONE = {"ResourceNotFoundException", "TrimmedDataAccessException", "ValidationException"}


def keys_of_failed_records(body: str, streams: Any = None) -> list[str] | None:
    """Return the keys of the failed items, or None when the stream does not hold the records.

    Streams keep records for 24 hours, dead-letter queues up to 14 days.

    Args:
        body: A message of the kind `STREAM_FAILURE`; anyone who may send to the queue may have written it.
        streams: Client of DynamoDB Streams; by default one of the target that was entered last.
    """
    from botocore.exceptions import ClientError, ParamValidationError  # noqa: PLC0415

    batch = json.loads(body)["DDBStreamBatchInfo"]
    try:
        return list(_keys(streams or aws.session().client("dynamodbstreams"), batch))
    except (AttributeError, KeyError, ParamValidationError, TypeError, ValueError):
        return None
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _GONE:
            return None
        raise


def _keys(streams: Any, batch: dict[str, Any]) -> Iterator[str]:
    iterator = streams.get_shard_iterator(
        StreamArn=batch["streamArn"],
        ShardId=batch["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=batch["startSequenceNumber"],
    )["ShardIterator"]
    last = int(batch["endSequenceNumber"])
    left = int(batch["batchSize"])
    while iterator and left > 0:
        answer = streams.get_records(ShardIterator=iterator, Limit=left)
        for record in answer["Records"]:
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                return
            left -= 1
            yield " ".join(
                str(value) for key in record["dynamodb"]["Keys"].values() for value in key.values()
            )
        if not answer["Records"]:
            return
        iterator = answer.get("NextShardIterator")
