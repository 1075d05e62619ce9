"""A stage goes wholly, whatever made it and whatever state it was left in, and only when it may."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from stagectl.checkout import Checkout
from stagectl.stacks import buckets
from stagectl.stacks.stack_states import StackStates
from stagectl.targets.target import Target

from steps import small_stages
from steps.small_stages import QUEUE, deploy, stacks_of
from support.stage import REPOSITORY, Stage

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

DOOMED, OTHER = "preview-doomed", "preview-doomed-2"
PROGRAM = Checkout(REPOSITORY).python.parent / "stagectl"
BUCKET = "vouchers-preview-doomed-archive"
TABLE = "events-preview-doomed"
PROTECTED_TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "TableName": TABLE,
        "DeletionProtectionEnabled": True,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
}
VERSIONED_BUCKET = {
    "Type": "AWS::S3::Bucket",
    "Properties": {"BucketName": BUCKET, "VersioningConfiguration": {"Status": "Enabled"}},
}


@pytest.fixture(autouse=True)
def nothing_stays(stage: Stage) -> Iterator[None]:
    with small_stages.swept(stage, OTHER, DOOMED):
        yield


def down(name: str = DOOMED) -> tuple[int, dict[str, Any], str]:
    """Run `stagectl down`; gives its exit code, what it printed as JSON, and what it said."""
    ran = subprocess.run(
        [PROGRAM, "down", "--stage", name, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    return ran.returncode, json.loads(ran.stdout or "{}"), ran.stderr


def test_all_that_a_stage_made_goes_and_nothing_of_another(stage: Stage) -> None:
    s3 = boto3.client("s3", region_name=stage.region)
    # A service that this checkout does not have, with a bucket that has versions and a delete marker.
    deploy(stage, "vouchers", DOOMED, {"Bucket": VERSIONED_BUCKET, "DeadLetters": QUEUE})
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"2")
    s3.delete_object(Bucket=BUCKET, Key="a")
    deploy(stage, "events", OTHER, {"Queue": QUEUE})
    for name in (DOOMED, OTHER):
        stage.ssm.put_parameter(Name=f"/auth/{name}/userPoolId", Value="copied", Type="String")
        stage.logs.create_log_group(logGroupName=f"/aws/lambda/events-{name}-event-logger")
    try:
        code, said, _ = down()

        assert (code, said["outcomes"]["vouchers"], said["left"]) == (0, "removed", [])
        assert (stacks_of(stage, DOOMED), stacks_of(stage, OTHER)) == (set(), {f"events-{OTHER}"})
        assert BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
        assert _parameters(stage, DOOMED) == []
        assert _parameters(stage, OTHER) == [f"/auth/{OTHER}/userPoolId"]
        assert _log_groups(stage) == [f"/aws/lambda/events-{OTHER}-event-logger"]
    finally:
        stage.ssm.delete_parameter(Name=f"/auth/{OTHER}/userPoolId")
        stage.logs.delete_log_group(logGroupName=f"/aws/lambda/events-{OTHER}-event-logger")

    code, said, told = down()
    assert (code, set(said["outcomes"].values())) == (0, {"not there"})
    assert f"Stage {DOOMED} does not exist" in told


def test_a_bucket_is_emptied_with_all_versions(stage: Stage) -> None:
    # The emulator's CloudFormation deletes full buckets too; its S3, like AWS, does not.
    s3 = boto3.client("s3", region_name=stage.region)
    deploy(stage, "vouchers", DOOMED, {"Bucket": VERSIONED_BUCKET})
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"1")
    s3.delete_object(Bucket=BUCKET, Key="a")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        s3.delete_bucket(Bucket=BUCKET)

    buckets.empty(s3, BUCKET)

    s3.delete_bucket(Bucket=BUCKET)
    buckets.empty(s3, BUCKET)


def test_deletion_protection_of_one_resource_keeps_the_whole_stage(stage: Stage) -> None:
    deploy(stage, "events", DOOMED, {"Table": PROTECTED_TABLE})
    deploy(stage, "auth", DOOMED, {"Queue": QUEUE})

    code, _, told = down()

    assert code == 2
    assert f"--no-deletion-protection-enabled --table-name {TABLE}" in told
    assert stacks_of(stage, DOOMED) == {f"events-{DOOMED}", f"auth-{DOOMED}"}


def test_stacks_that_never_came_to_be_go_too(stage: Stage) -> None:
    taken = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": BUCKET}}
    deploy(stage, "vouchers", OTHER, {"Bucket": VERSIONED_BUCKET})
    assert deploy(stage, "events", DOOMED, {"Bucket": taken}) == "ROLLBACK_COMPLETE"
    stage.cloudformation.create_change_set(
        StackName=f"auth-{DOOMED}",
        ChangeSetName="never-executed",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps({"Resources": {"Queue": QUEUE}}),
    )
    assert down()[0] == 0
    assert stacks_of(stage, DOOMED) == set()


def test_a_removal_that_was_killed_is_finished_by_the_next_one(stage: Stage) -> None:
    for service in ("vouchers", "events", "auth"):
        deploy(stage, service, DOOMED, {"Queue": QUEUE})
    removing = subprocess.Popen(
        [PROGRAM, "down", "--stage", DOOMED, "--jobs", "1"], stderr=subprocess.PIPE, text=True
    )
    assert removing.stderr is not None
    with removing:
        while "removed" not in removing.stderr.readline():
            assert removing.poll() is None
        removing.kill()

    assert down()[0] == 0
    assert stacks_of(stage, DOOMED) == set()


@pytest.mark.parametrize("is_emulator", [True, False])
def test_a_stack_that_never_came_to_be_is_cleared_for_its_next_deployment(
    stage: Stage, is_emulator: bool
) -> None:
    taken = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": BUCKET}}
    deploy(stage, "vouchers", OTHER, {"Bucket": VERSIONED_BUCKET})
    deploy(stage, "events", DOOMED, {"Bucket": taken})
    states = StackStates.of(Target("the emulator", dict(os.environ), is_emulator=is_emulator))

    assert states.make_deployable(f"events-{DOOMED}") == "ROLLBACK_COMPLETE"
    assert deploy(stage, "events", DOOMED, {"Queue": QUEUE}) == "CREATE_COMPLETE"
    assert states.make_deployable(f"events-{DOOMED}") is None


def test_what_cannot_go_is_listed_with_its_reason_and_the_rest_goes(stage: Stage) -> None:
    exported = {"Name": {"Value": "a", "Export": {"Name": "doomed-export"}}}
    imported = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::ImportValue": "doomed-export"}}}
    deploy(stage, "auth", DOOMED, {"Queue": QUEUE, "Outputs": exported})
    deploy(stage, "events", DOOMED, {"Queue": QUEUE})
    deploy(stage, "vouchers", OTHER, {"Queue": imported})

    code, said, told = down()

    assert code == 1
    assert (said["outcomes"]["events"], said["outcomes"]["auth"]) == ("removed", "failed")
    [left] = said["left"]
    assert (left["what"], "doomed-export is imported" in left["reason"]) == (
        f"stack auth-{DOOMED}",
        True,
    )
    assert left["reason"] in told


def _parameters(stage: Stage, name: str) -> list[str]:
    found = stage.ssm.get_parameters_by_path(Path=f"/auth/{name}", Recursive=True)["Parameters"]
    return [parameter["Name"] for parameter in found]


def _log_groups(stage: Stage) -> list[str]:
    found = stage.logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/events-{DOOMED}")["logGroups"]
    return [group["logGroupName"] for group in found]
