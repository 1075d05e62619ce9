"""What is live in a first production passes its checks, and its data outlives it."""

import json

import boto3
import pytest
from stagectl import aws
from stagectl.checkout.services import discover
from stagectl.preview_life import inventory

from steps.first_production import check_release, stagectl
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(300)]


def test_each_version_passes_the_check_before_it_gets_traffic_and_leaves_nothing(first: Stage) -> None:
    services = discover(REPOSITORY)
    reports = [
        check_release(first, name, function)
        for name, stack in services.items()
        for function in stack.functions
    ]

    assert reports
    assert [report for report in reports if not report["passed"]] == []
    queues = json.loads(stagectl("dlq list", "--json").stdout)
    assert {queue["messages"] for queue in queues} == {0}


def test_taking_it_down_keeps_its_data_and_nothing_else(first: Stage, before: frozenset[str]) -> None:
    went_down = stagectl("down")

    kept = inventory.take(aws.session()) - before
    assert went_down.returncode == 1
    kinds = {what.split()[0] for what in kept}
    assert kinds - {"AWS::DynamoDB::Table"} == {
        "AWS::Cognito::UserPool",
        "AWS::KMS::Key",
        # The record of what operators did with users.
        "AWS::Logs::LogGroup",
        # The archive of events.
        "AWS::S3::Bucket",
    }
    assert "AWS::DynamoDB::Table orders-first-production" in kept  # only-with-example-services
    assert all(what in went_down.stderr for what in kept)
    for what in kept:
        _remove(*what.split())
    assert stagectl("down").returncode == 0
    assert inventory.take(aws.session()) == before


def _remove(kind: str, name: str) -> None:
    match kind:
        case "AWS::Cognito::UserPool":
            boto3.client("cognito-idp").delete_user_pool(UserPoolId=name)
        case "AWS::S3::Bucket":
            bucket = boto3.resource("s3").Bucket(name)
            bucket.objects.delete()
            bucket.delete()
        case "AWS::DynamoDB::Table":
            boto3.client("dynamodb").delete_table(TableName=name)
        case "AWS::Logs::LogGroup":
            boto3.client("logs").delete_log_group(logGroupName=name)
        case "AWS::KMS::Key":
            boto3.client("kms").schedule_key_deletion(KeyId=name, PendingWindowInDays=7)
