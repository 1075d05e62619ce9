import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
ROLE = "arn:aws:iam::000000000000:role/cloudformation"
TEMPLATE = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})


def deployer(as_user: Client, condition: dict[str, Any]) -> Any:
    return as_user(
        "cloudformation",
        {
            "Effect": "Allow",
            "Action": "cloudformation:CreateChangeSet",
            "Resource": "*",
            "Condition": condition,
        },
    )


def make_change_set(client: Any, **further: Any) -> Any:
    return client.create_change_set(
        StackName=f"stack-{uuid.uuid4().hex}",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=TEMPLATE,
        **further,
    )


def test_a_policy_may_ask_for_the_role_that_a_stack_is_changed_under(as_user: Client) -> None:
    client = deployer(as_user, {"StringEquals": {"cloudformation:RoleArn": ROLE}})

    assert make_change_set(client, RoleARN=ROLE)["Id"]
    with pytest.raises(ClientError, match="AccessDenied"):
        make_change_set(client, RoleARN=f"{ROLE}-of-another-product")
    with pytest.raises(ClientError, match="AccessDenied"):
        make_change_set(client)


def test_a_policy_may_refuse_imports_of_resources(as_user: Client) -> None:
    client = deployer(as_user, {"Null": {"cloudformation:ImportResourceTypes": "true"}})
    resource = {
        "ResourceType": "AWS::SQS::Queue",
        "LogicalResourceId": "Queue",
        "ResourceIdentifier": {"QueueUrl": "http://127.0.0.1/000000000000/queue"},
    }

    assert make_change_set(client)["Id"]
    with pytest.raises(ClientError, match="AccessDenied"):
        make_change_set(client, ResourcesToImport=[resource])
