from collections.abc import Callable, Iterator
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.fixture
def gateway(aws: Client) -> Any:
    return aws("apigateway")


@pytest.fixture
def api(gateway: Any) -> Iterator[str]:
    """An API with a stage that was made with tags."""
    made: str = gateway.create_rest_api(name="tagged")["id"]
    root = gateway.get_resources(restApiId=made)["items"][0]["id"]
    method = {"restApiId": made, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="MOCK")
    deployment = gateway.create_deployment(restApiId=made)["id"]
    tags = {"commit": "1", "stage": "dev"}
    gateway.create_stage(restApiId=made, stageName="dev", deploymentId=deployment, tags=tags)
    yield made
    gateway.delete_rest_api(restApiId=made)


def test_what_is_untagged_is_gone_from_the_stage(gateway: Any, api: str) -> None:
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/dev"

    gateway.untag_resource(resourceArn=arn, tagKeys=["commit"])
    gateway.tag_resource(resourceArn=arn, tags={"owner": "ada"})

    expected = {"stage": "dev", "owner": "ada"}
    assert gateway.get_stage(restApiId=api, stageName="dev")["tags"] == expected
    assert gateway.get_tags(resourceArn=arn)["tags"] == expected
