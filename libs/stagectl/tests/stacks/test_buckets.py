"""How a bucket is emptied: of every version and every delete marker, page by page."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from stagectl.errors import DeploymentError
from stagectl.stacks import buckets

LISTED = "list_object_versions"


@pytest.fixture
def s3() -> Any:
    return boto3.client("s3", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


@pytest.fixture
def stubbed(s3: Any) -> Iterator[Stubber]:
    with Stubber(s3) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def one(key: str, version: str) -> dict[str, str]:
    return {"Key": key, "VersionId": version}


def deleting(stubbed: Stubber, *objects: dict[str, str], errors: tuple[dict[str, str], ...] = ()) -> None:
    """Expect these objects to be deleted, and nothing else."""
    answer = {"Errors": list(errors)} if errors else {}
    wanted = {"Bucket": "assets", "Delete": {"Objects": list(objects), "Quiet": True}}
    stubbed.add_response("delete_objects", answer, wanted)


def test_versions_and_delete_markers_of_every_page_go(stubbed: Stubber, s3: Any) -> None:
    first = {"IsTruncated": True, "NextKeyMarker": "b", "NextVersionIdMarker": "2"}
    stubbed.add_response(
        LISTED,
        {**first, "Versions": [one("a", "1"), one("a", "2")], "DeleteMarkers": [one("b", "2")]},
        {"Bucket": "assets"},
    )
    deleting(stubbed, one("a", "1"), one("a", "2"), one("b", "2"))
    stubbed.add_response(
        LISTED,
        {"Versions": [one("c", "null")]},
        {"Bucket": "assets", "KeyMarker": "b", "VersionIdMarker": "2"},
    )
    deleting(stubbed, one("c", "null"))

    buckets.empty(s3, "assets")


def test_a_bucket_that_holds_nothing_but_delete_markers_is_emptied(stubbed: Stubber, s3: Any) -> None:
    stubbed.add_response(LISTED, {"DeleteMarkers": [one("a", "1")]})
    deleting(stubbed, one("a", "1"))

    buckets.empty(s3, "assets")


def test_nothing_is_deleted_of_an_empty_bucket(stubbed: Stubber, s3: Any) -> None:
    stubbed.add_response(LISTED, {})

    buckets.empty(s3, "assets")


def test_a_bucket_that_is_gone_is_fine(stubbed: Stubber, s3: Any) -> None:
    stubbed.add_client_error(LISTED, "NoSuchBucket")

    buckets.empty(s3, "assets")


def test_a_bucket_that_may_not_be_listed_is_no_empty_one(stubbed: Stubber, s3: Any) -> None:
    stubbed.add_client_error(LISTED, "AccessDenied")

    with pytest.raises(ClientError, match="AccessDenied"):
        buckets.empty(s3, "assets")


@pytest.mark.parametrize(("count", "others"), [(1, ""), (2, " and 1 more"), (3, " and 2 more")])
def test_what_s3_keeps_is_told(stubbed: Stubber, s3: Any, count: int, others: str) -> None:
    found = [one(f"key-{number}", "1") for number in range(count)]
    refused = tuple({"Key": each["Key"], "Message": "Object is locked"} for each in found)
    stubbed.add_response(LISTED, {"Versions": found})
    deleting(stubbed, *found, errors=refused)

    with pytest.raises(DeploymentError) as failure:
        buckets.empty(s3, "assets")
    assert str(failure.value) == f"the bucket assets keeps key-0: Object is locked{others}"
