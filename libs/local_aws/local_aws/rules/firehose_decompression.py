"""Firehose decompresses what CloudWatch Logs sends; what it cannot decompress goes aside and stops nothing.

MiniStack runs no processor but Lambda functions, and compresses no object.

https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html
https://docs.aws.amazon.com/firehose/latest/dev/decomp-faq.html
https://docs.aws.amazon.com/firehose/latest/APIReference/API_Processor.html
"""

import base64
import gzip
import json
import time
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import firehose

Records = list[tuple[str, bytes]]
Deliver = Callable[[dict[str, Any], dict[str, Any], Records], None]

_FAILED = "decompression-failed"
_UNREADABLE = (OSError, EOFError, zlib.error)


def install() -> None:
    """Apply the rule to records that are delivered to S3."""
    firehose._deliver_records_to_s3 = with_decompression(firehose._deliver_records_to_s3)


def with_decompression(deliver: Deliver) -> Deliver:
    """Deliver what a stream's processors make of its records."""

    @wraps(deliver)
    def operation(stream: dict[str, Any], destination: dict[str, Any], records: Records) -> None:
        config = destination["config"]
        processors = _processors_of(config)
        if "Decompression" in processors:
            delimiter = processors.get("AppendDelimiterToRecord", {}).get("Delimiter", "")
            records = [
                (record_id, content + delimiter.encode().decode("unicode_escape").encode())
                for record_id, record in records
                if (content := _decompressed(stream, config, record)) is not None
            ]
        if config.get("CompressionFormat") == "GZIP":
            records = [(record_id, gzip.compress(content)) for record_id, content in records]
        deliver(stream, destination, records)

    return operation


def _processors_of(config: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the parameters of each enabled processor by its type."""
    processing = config.get("ProcessingConfiguration") or {}
    if str(processing.get("Enabled")).lower() != "true":
        return {}
    return {
        one["Type"]: {pair["ParameterName"]: pair["ParameterValue"] for pair in one.get("Parameters") or ()}
        for one in processing.get("Processors") or ()
    }


def _decompressed(stream: dict[str, Any], config: dict[str, Any], record: bytes) -> bytes | None:
    """Return a record's content; None after it was put aside."""
    try:
        return gzip.decompress(record)
    except _UNREADABLE as error:
        now_ms = int(time.time() * 1000)
        document = {
            "attemptsMade": 1,
            "arrivalTimestamp": now_ms,
            "attemptEndingTimestamp": now_ms,
            "errorCode": "DecompressionError",
            "errorMessage": str(error),
            "rawData": base64.b64encode(record).decode(),
        }
        prefix = firehose._evaluate_prefix(
            config.get("ErrorOutputPrefix") or f"{_FAILED}/", time.gmtime(), error_type=_FAILED
        )
        bucket = firehose._s3_bucket_from_arn(config["BucketARN"])
        name = f"{prefix}{stream['name']}-{firehose._record_id()}"
        firehose._put_s3_object(bucket, name, f"{json.dumps(document)}\n".encode())
        return None
