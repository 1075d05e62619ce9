"""What archives events may do nothing else, whatever code runs under its role."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from steps import function_roles
from support.stage import Stage

# The suite takes on the role of a function, which on AWS only Lambda may.
pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.about("events")]


@pytest.fixture(scope="module")
def archiving(stage: Stage) -> boto3.Session:
    return function_roles.session(stage, "events", "event-logger")


def test_it_writes_objects_and_reads_or_deletes_none(stage: Stage, archiving: boto3.Session) -> None:
    s3, bucket = archiving.client("s3"), stage.published("events", "archiveBucketName")

    s3.put_object(Bucket=bucket, Key="e2e", Body=b"")
    try:
        for call in (s3.get_object, s3.delete_object):
            with pytest.raises(ClientError, match="AccessDenied"):
                call(Bucket=bucket, Key="e2e")
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.list_objects_v2(Bucket=bucket)
    finally:
        stage.s3.delete_object(Bucket=bucket, Key="e2e")


def test_it_publishes_no_events(stage: Stage, archiving: boto3.Session) -> None:
    bus = stage.published("shared-infra", "eventBusName")
    entry: Any = {"EventBusName": bus, "Source": "e2e", "DetailType": "e2e", "Detail": "{}"}

    with pytest.raises(ClientError, match="AccessDenied"):
        archiving.client("events").put_events(Entries=[entry])


def test_it_knows_no_users(stage: Stage, archiving: boto3.Session) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        archiving.client("cognito-idp").list_users(UserPoolId=stage.published("auth", "userPoolId"))
