"""What a deployment makes carries tags that say where it comes from, and keeps them."""

import boto3
import pytest

from support.declared_routes import declared_routes
from support.stage import Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

SERVICES = sorted({route.service for route in declared_routes()})


@pytest.mark.parametrize("service", SERVICES)
def test_the_stage_of_an_api_keeps_the_tags_of_its_stack(stage: Stage, service: str) -> None:
    gateway = boto3.client("apigateway", region_name=stage.region)
    name = f"{service}-{stage.name}"
    [stack] = stage.cloudformation.describe_stacks(StackName=name)["Stacks"]
    resources = stage.cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    [api] = resources.search("StackResourceSummaries[?ResourceType=='AWS::ApiGateway::RestApi']")

    made = gateway.get_stage(restApiId=api["PhysicalResourceId"], stageName=stage.name)
    own = {key: value for key, value in made["tags"].items() if not key.startswith("aws:")}
    assert own == {tag["Key"]: tag["Value"] for tag in stack["Tags"]}
    assert {"project", "service", "stage", "branch", "commit", "owner", "expires-at"} <= own.keys()
