"""A method's own throttling, under its path as CloudFormation writes it."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from stagectl.targets.emulator import Emulator


@pytest.fixture
def url(emulator: Emulator, aws: Callable[..., Any]) -> Iterator[str]:
    """The URL of an API whose `POST /orders/{id}` refuses everything."""
    name = f"limits-{uuid.uuid4().hex[:8]}"
    cloudformation = aws("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources(name)}))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    [api] = [api for api in aws("apigateway").get_rest_apis()["items"] if api["name"] == name]
    yield f"{emulator.url}/_aws/execute-api/{api['id']}/dev"
    cloudformation.delete_stack(StackName=name)


def resources(name: str) -> dict[str, Any]:
    api = {"Ref": "Api"}
    answer = {"Type": "MOCK", "RequestTemplates": {"application/json": '{"statusCode": 200}'}}

    def resource(parent: Any, part: str) -> dict[str, Any]:
        properties = {"RestApiId": api, "ParentId": parent, "PathPart": part}
        return {"Type": "AWS::ApiGateway::Resource", "Properties": properties}

    def method(at: str, verb: str) -> dict[str, Any]:
        properties = {
            "RestApiId": api,
            "ResourceId": {"Ref": at},
            "HttpMethod": verb,
            "AuthorizationType": "NONE",
            "Integration": answer | {"IntegrationResponses": [{"StatusCode": "200"}]},
            "MethodResponses": [{"StatusCode": "200"}],
        }
        return {"Type": "AWS::ApiGateway::Method", "Properties": properties}

    nothing = {"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}
    settings = {"ResourcePath": "/~1orders~1{id}", "HttpMethod": "POST", **nothing}
    return {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": name}},
        "Orders": resource({"Fn::GetAtt": ["Api", "RootResourceId"]}, "orders"),
        "Order": resource({"Ref": "Orders"}, "{id}"),
        "Post": method("Order", "POST"),
        "Get": method("Order", "GET"),
        "Deployment": {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": ["Post", "Get"],
            "Properties": {"RestApiId": api},
        },
        "Stage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {
                "RestApiId": api,
                "StageName": "dev",
                "DeploymentId": {"Ref": "Deployment"},
                "MethodSettings": [settings],
            },
        },
    }


def test_a_method_is_throttled_by_its_encoded_path(url: str) -> None:
    assert requests.post(f"{url}/orders/1", timeout=10).status_code == 429
    assert requests.get(f"{url}/orders/1", timeout=10).status_code == 200
