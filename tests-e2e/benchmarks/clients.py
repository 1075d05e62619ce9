"""Clients that only measuring needs."""

import boto3
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_events import EventBridgeClient

from support.stage import Stage


def dynamodb(stage: Stage) -> DynamoDBClient:
    """Return a client of DynamoDB."""
    return boto3.client("dynamodb", region_name=stage.region)


def events(stage: Stage) -> EventBridgeClient:
    """Return a client of EventBridge."""
    return boto3.client("events", region_name=stage.region)
