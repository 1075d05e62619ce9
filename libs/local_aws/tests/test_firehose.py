"""Logs are shipped to a bucket by Firehose, and a record that it cannot read does not stop the others."""

import gzip
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

Client = Callable[..., Any]
SECONDS = 10
ROLE = "arn:aws:iam::000000000000:role/any"


@pytest.fixture
def name(aws: Client) -> str:
    """Return the name of a bucket, of the stream that writes to it, and of a log group that is sent there."""
    name = f"logs-{uuid.uuid4().hex}"
    aws("s3").create_bucket(Bucket=name)
    aws("firehose").create_delivery_stream(
        DeliveryStreamName=name,
        ExtendedS3DestinationConfiguration={
            "BucketARN": f"arn:aws:s3:::{name}",
            "RoleARN": ROLE,
            "Prefix": "logs/",
            "ErrorOutputPrefix": "failed/!{firehose:error-output-type}/",
            "CompressionFormat": "GZIP",
            "ProcessingConfiguration": {
                "Enabled": True,
                "Processors": [
                    {
                        "Type": "Decompression",
                        "Parameters": [{"ParameterName": "CompressionFormat", "ParameterValue": "GZIP"}],
                    },
                    {
                        "Type": "AppendDelimiterToRecord",
                        "Parameters": [{"ParameterName": "Delimiter", "ParameterValue": "\\n"}],
                    },
                ],
            },
        },
    )
    logs = aws("logs")
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="s")
    return name


def subscribe(aws: Client, name: str, pattern: str = "") -> None:
    aws("logs").put_subscription_filter(
        logGroupName=name,
        filterName="all",
        filterPattern=pattern,
        destinationArn=f"arn:aws:firehose:us-east-1:000000000000:deliverystream/{name}",
        roleArn=ROLE,
    )


def log(aws: Client, name: str, *lines: str) -> None:
    now = round(time.time() * 1000)
    aws("logs").put_log_events(
        logGroupName=name,
        logStreamName="s",
        logEvents=[{"timestamp": now, "message": line} for line in lines],
    )


def objects(aws: Client, name: str, prefix: str) -> Iterator[bytes]:
    s3 = aws("s3")
    for one in s3.list_objects_v2(Bucket=name, Prefix=prefix).get("Contents", ()):
        yield s3.get_object(Bucket=name, Key=one["Key"])["Body"].read()


def lines_in(aws: Client, name: str) -> list[str]:
    documents = [
        json.loads(line)
        for content in objects(aws, name, "logs/")
        for line in gzip.decompress(content).decode().splitlines()
    ]
    assert all(document["logGroup"] == name for document in documents)
    return sorted(event["message"] for document in documents for event in document["logEvents"])


def wait_for(aws: Client, name: str, *lines: str) -> None:
    deadline = time.monotonic() + SECONDS
    while lines_in(aws, name) != sorted(lines):
        assert time.monotonic() < deadline, lines_in(aws, name)
        time.sleep(0.05)


def test_what_is_logged_is_in_the_bucket_with_its_group(aws: Client, name: str) -> None:
    subscribe(aws, name)

    log(aws, name, "one", "two ü")

    wait_for(aws, name, "one", "two ü")


def test_only_lines_that_fit_the_filter_are_shipped(aws: Client, name: str) -> None:
    subscribe(aws, name, '"ERROR"')

    log(aws, name, "INFO x", "ERROR y")

    wait_for(aws, name, "ERROR y")


@pytest.mark.parametrize(
    "poison", [b"no gzip", gzip.compress(b"cut short" * 100)[:-9]], ids=["no gzip", "cut short"]
)
def test_a_record_that_cannot_be_decompressed_goes_aside_and_the_others_arrive(
    aws: Client, name: str, poison: bytes
) -> None:
    good = {"logGroup": name, "logEvents": [{"message": "good"}]}

    aws("firehose").put_record_batch(
        DeliveryStreamName=name,
        Records=[{"Data": poison}, {"Data": gzip.compress(json.dumps(good).encode())}],
    )

    wait_for(aws, name, "good")
    [aside] = objects(aws, name, "failed/decompression-failed/")
    assert json.loads(aside)["errorCode"] == "DecompressionError"
