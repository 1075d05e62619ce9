"""With the opt-in stack `logs`, whatever is logged is also in a bucket."""

import gzip
import json
import subprocess
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from stagectl.checkout import Checkout

from drivers.exchange import Driver
from steps.given import User
from steps.shop import then, when
from steps.shop.catalogue import A_RESTAURANT
from support.polling import until
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

FOLDER = REPOSITORY / "shared-infra" / "logs"
SHIPPED_SECONDS = 15


@pytest.fixture
def bucket(stage: Stage) -> Iterator[Any]:
    """Return the bucket to which the stage ships its logs during the test."""
    sls = str(Checkout(REPOSITORY).sls)
    subprocess.run([sls, "deploy", "--stage", stage.name], cwd=FOLDER, check=True, capture_output=True)
    stack = f"logs-{stage.name}"
    s3 = boto3.resource("s3", region_name=stage.region)
    resources = stage.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    buckets = {
        one["LogicalResourceId"]: s3.Bucket(one["PhysicalResourceId"])
        for one in resources
        if one["ResourceType"] == "AWS::S3::Bucket"
    }
    yield buckets["Bucket"]
    for one in buckets.values():
        one.objects.delete()
    stage.cloudformation.delete_stack(StackName=stack)
    stage.cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})


@pytest.mark.about("orders")
def test_the_log_of_an_order_is_shipped_with_the_name_of_its_function(
    driver: Driver, stage: Stage, customer: User, bucket: Any
) -> None:
    placed = when.a_user_orders(driver, customer.id_token, {"restaurantName": A_RESTAURANT})
    correlation_id = placed.headers["x-correlation-id"]
    then.an_order_is_placed(placed)

    def groups() -> set[str]:
        documents = [
            json.loads(line)
            for one in bucket.objects.filter(Prefix="logs/")
            for line in gzip.decompress(one.get()["Body"].read()).decode().splitlines()
        ]
        return {
            document["logGroup"]
            for document in documents
            for event in document["logEvents"]
            if correlation_id in event["message"]
        }

    wanted = {f"/aws/lambda/orders-{stage.name}-place-order"}
    until(
        groups, lambda seen: wanted <= seen, within_seconds=SHIPPED_SECONDS, what="the order's log is shipped"
    )
    assert not list(bucket.objects.filter(Prefix="failed/"))
