"""A first deployment like production's, without demo data, passes its checks; and its data outlives it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

import boto3
import pytest
from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.checkout.services import discover
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.preview_life import inventory

from drivers.over_http import OverHttp
from steps import given, small_stages
from steps.shop import then, when
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.timeout(300)]

FIRST = "first-production"
SECRET = f"/restaurants/{FIRST}/search-restaurants/secretString"
PROGRAM = Checkout(REPOSITORY).python.parent / "stagectl"


def stagectl(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, command, "--stage", FIRST, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


@pytest.fixture(scope="module")
def before(stage: Stage) -> frozenset[str]:
    """What the account holds without the stage."""
    return frozenset(inventory.take(aws.session()))


@pytest.fixture(scope="module")
def first(stage: Stage, before: frozenset[str]) -> Iterator[Stage]:
    """A stage with production's parameters, just made, on which no demo data was ever written."""
    parameters = load_mapping(REPOSITORY / "shared-infra" / "params.yml")["prod"]
    with small_stages.swept(stage, FIRST):
        # As YAML writes them: `true`, not `True`.
        given_alone = (
            f"--param={name}={json.dumps(value) if isinstance(value, bool) else value}"
            for name, value in parameters.items()
        )
        went_up = stagectl("up", "--no-seed", *given_alone)
        assert went_up.returncode == 0, went_up.stderr
        yield replace(stage, name=FIRST)


def test_it_passes_the_check_that_follows_a_deployment(first: Stage) -> None:
    checked = stagectl("smoke")

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "ok     200  GET" in checked.stdout


def test_without_its_secret_only_search_is_unavailable_until_the_named_command_is_run(first: Stage) -> None:
    first.ssm.delete_parameter(Name=SECRET)
    way_out = f"stagectl configure --stage {FIRST}"
    for command in ("smoke", "configure --dry-run"):
        looked = stagectl(*command.split())
        assert (looked.returncode, way_out in looked.stderr) == (1, True)
    assert way_out in stagectl("status").stdout

    with closing(OverHttp(first)) as driver, given.a_signed_in_user(first) as customer:
        search = partial(when.a_user_searches, driver, customer.id_token, {"theme": "netflix"})
        assert search().status == 503
        assert then.it_shows_restaurants(when.a_service_lists_restaurants(driver)) == []

        assert stagectl("configure").stdout == f"made             {SECRET}\n"

        assert then.it_shows_restaurants(search()) == []
    assert stagectl("smoke").returncode == 0


def test_configuring_again_changes_nothing(first: Stage) -> None:
    def value() -> str:
        return first.ssm.get_parameter(Name=SECRET, WithDecryption=True)["Parameter"]["Value"]

    made = value()

    assert stagectl("configure").stdout == f"present          {SECRET}\n"
    assert value() == made


def test_each_version_passes_the_check_before_it_gets_traffic_and_leaves_nothing(first: Stage) -> None:
    services = discover(REPOSITORY)
    reports = [
        check_release(first, name, function)
        for name, stack in services.items()
        for function in stack.functions
    ]

    assert reports
    assert [report for report in reports if not report["passed"]] == []
    assert boto3.client("dynamodb").scan(TableName=f"orders-{FIRST}")["Items"] == []
    listed = subprocess.run(
        [PROGRAM, "dlq", "list", "--stage", FIRST, "--json"], capture_output=True, text=True, check=True
    )
    assert {queue["messages"] for queue in json.loads(listed.stdout)} == {0}


def test_a_version_that_lacks_a_permission_fails_the_check_with_the_reason(first: Stage) -> None:
    iam, role = boto3.client("iam"), f"orders-{FIRST}-get-order"
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    allowed = json.dumps(iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"])
    nothing = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(nothing))
    try:
        report = check_release(first, "orders", "get-order")
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=allowed)

    assert [outcome["fault"] for outcome in report["outcomes"]] == ["answered 500 instead of 404"]


@pytest.mark.parametrize("service", ["restaurants", "orders", "notifications"])
def test_the_public_url_passes_the_check_after_the_traffic_was_shifted(first: Stage, service: str) -> None:
    assert invoke(f"{service}-{FIRST}-check-traffic", {})["passed"] is True


def check_release(stage: Stage, service: str, function: str) -> dict[str, Any]:
    """Call the hook of a service for the version that has the traffic, as CodeDeploy does for a new one."""
    name = f"{service}-{stage.name}-{function}"
    version = boto3.client("lambda").get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    return invoke(f"{service}-{stage.name}-check-release", {"function": name, "version": version})


def invoke(function: str, event: dict[str, str]) -> dict[str, Any]:
    answer = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    report: dict[str, Any] = json.load(answer["Payload"])
    return report


def test_taking_it_down_keeps_its_data_and_nothing_else(first: Stage, before: frozenset[str]) -> None:
    went_down = stagectl("down")

    kept = inventory.take(aws.session()) - before
    assert went_down.returncode == 1
    assert {what.split()[0] for what in kept} == {
        "AWS::Cognito::UserPool",
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        # The record of what operators did with users.
        "AWS::Logs::LogGroup",
        # The archive of events.
        "AWS::S3::Bucket",
    }
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
