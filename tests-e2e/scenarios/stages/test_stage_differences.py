"""`stagectl diff` changes nothing and needs only permissions to read."""

import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from stagectl.checkout import Checkout, services
from stagectl.diff import stage_diff
from stagectl.diff.stage_diff import ServiceDiff
from stagectl.diff.template_diff import PropertyChange, TemplateDiff
from stagectl.stacks.stack_states import StackStates
from stagectl.stacks.stage import Stage as TargetStage
from stagectl.targets.target import Target

from steps import deployers
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.beside_previews]

READER = "stage-differences-reader"
READS = ["cloudformation:DescribeStacks", "cloudformation:GetTemplate", "lambda:GetFunction"]


@pytest.fixture(autouse=True)
def only_reading(stage: Stage) -> Iterator[None]:
    """Run the test with permissions to read what is compared, and no others."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    reads = {"Effect": "Allow", "Action": READS, "Resource": "*"}
    role = stage.iam.create_role(RoleName=READER, AssumeRolePolicyDocument=_policy(trust))["Role"]
    stage.iam.put_role_policy(RoleName=READER, PolicyName="reads", PolicyDocument=_policy(reads))
    sts = boto3.client("sts", region_name=stage.region)
    credentials = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="reader")["Credentials"]
    reader = {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }
    with deployers.under(reader):
        yield
    stage.iam.delete_role_policy(RoleName=READER, PolicyName="reads")
    stage.iam.delete_role(RoleName=READER)


def test_a_diff_shows_what_changed_and_nothing_else(stage: Stage) -> None:
    assert _diff(stage, "events").is_empty

    found = _diff(stage, "shared-infra", "tested=false").template
    assert found == TemplateDiff(conditions=(PropertyChange("IsTested/Fn::Equals/0", "true", "false"),))


def _diff(stage: Stage, service: str, *parameters: str) -> ServiceDiff:
    checkout = Checkout(REPOSITORY)
    stacks = services.select(services.discover(checkout.root), [service])
    target = Target("the emulator, as a reader", dict(os.environ), is_emulator=True)
    compared = TargetStage(stage.name, stacks, target)
    stage_diff.package(checkout, compared, parameters)
    [diff] = stage_diff.compare(compared, StackStates.of(target))
    return diff


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
