"""Empty buckets: CloudFormation deletes only empty ones."""

from typing import TYPE_CHECKING

from stagectl.errors import DeploymentError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef


def empty(s3: "S3Client", bucket: str) -> None:
    """Delete all objects of a bucket with versions and delete markers; do nothing without a bucket.

    Raises:
        DeploymentError: S3 kept an object, such as one under a retention lock.
    """
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    try:
        for page in pages:
            listed = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            found: list[ObjectIdentifierTypeDef] = [
                {"Key": one["Key"], "VersionId": one["VersionId"]} for one in listed
            ]
            if found:
                kept = s3.delete_objects(Bucket=bucket, Delete={"Objects": found, "Quiet": True})
                _check(bucket, [f"{error['Key']}: {error['Message']}" for error in kept.get("Errors", ())])
    except s3.exceptions.NoSuchBucket:
        return


def _check(bucket: str, kept: list[str]) -> None:
    if kept:
        others = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
        raise DeploymentError(f"the bucket {bucket} keeps {kept[0]}{others}")
