"""What the roles of workflows do not open.

That they open enough is shown by `npm test`: a preview goes up, is tested and goes down under them.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from stagectl import account_stack, workflow_role
from stagectl.checkout import Checkout

from stage import REPOSITORY, Stage
from steps import deployers, given

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.beside_previews]

PREVIEW = "preview-roles"
BRANCH = "ref:refs/heads/feature/new-menu"
ARTIFACT = "serverless/orders.zip"
WRITES_ROLES = {"iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"}


@pytest.fixture(scope="module", autouse=True)
def account_stack_of_the_emulator(stage: Stage) -> Iterator[None]:
    # stagectl works where the environment says, and botocore reads no other variable for the region.
    with (
        deployers.under({"AWS_DEFAULT_REGION": stage.region}),
        account_stack.present(Checkout(REPOSITORY), dict(os.environ), previewBase=stage.name),
    ):
        yield


@pytest.fixture
def preview_deployer(stage: Stage) -> Iterator[boto3.Session]:
    """The session of a workflow that runs on a branch and deploys."""
    with _a_workflow(stage, "preview-deployer") as session:
        yield session


@pytest.fixture
def preview_tester(stage: Stage) -> Iterator[boto3.Session]:
    """The session of a workflow that runs on a branch and tests."""
    with _a_workflow(stage, "preview-tester") as session:
        yield session


@pytest.mark.parametrize("other", ["dev", "prod", "local"])
def test_the_preview_deployer_is_refused_on_every_other_stage(
    stage: Stage, preview_deployer: boto3.Session, other: str
) -> None:
    cloudformation = preview_deployer.client("cloudformation")
    s3 = preview_deployer.client("s3")
    lambda_ = preview_deployer.client("lambda")
    stack, function = f"orders-{other}", f"orders-{other}-place-order"

    _refused(lambda: cloudformation.describe_stacks(StackName=stack))
    _refused(lambda: cloudformation.list_stack_resources(StackName=stack))
    _refused(lambda: cloudformation.describe_stack_events(StackName=stack))
    _refused(lambda: cloudformation.create_change_set(StackName=stack, ChangeSetName="x", TemplateBody="{}"))
    _refused(lambda: cloudformation.delete_stack(StackName=stack))
    with _an_artifact_bucket(stage, f"{stack}-artifacts") as bucket:
        _refused(lambda: s3.list_objects_v2(Bucket=bucket))
        _refused(lambda: s3.get_object(Bucket=bucket, Key=ARTIFACT))
        _refused(lambda: s3.put_object(Bucket=bucket, Key=ARTIFACT, Body=b""))
    _refused(lambda: lambda_.get_function(FunctionName=function))
    _refused(lambda: lambda_.update_function_code(FunctionName=function, ZipFile=b""))


@pytest.mark.parametrize("role", ["preview-deployer", "preview-tester"])
@pytest.mark.parametrize("other", ["dev", "prod"])
def test_a_previews_workflow_may_not_read_another_stages_secret(stage: Stage, role: str, other: str) -> None:
    with _a_secret(stage, other) as secret, _a_workflow(stage, role) as workflow:
        ssm = workflow.client("ssm")

        _refused(lambda: ssm.get_parameter(Name=secret, WithDecryption=True))
        _refused(lambda: ssm.get_parameters(Names=[secret], WithDecryption=True))
        _refused(lambda: ssm.get_parameters_by_path(Path=f"/restaurants/{other}", Recursive=True))


def test_who_deploys_previews_sees_what_their_base_publishes_and_no_secret_of_it(
    stage: Stage, preview_deployer: boto3.Session
) -> None:
    secret = stage.parameter_path("restaurants", "search-restaurants", "secretString")
    assert stage.ssm.get_parameter(Name=secret, WithDecryption=True)["Parameter"]["Value"]
    ssm, path = preview_deployer.client("ssm"), f"/restaurants/{stage.name}"

    published = [one["Name"] for one in ssm.get_parameters_by_path(Path=path)["Parameters"]]

    assert f"{path}/serviceUrl" in published
    assert secret not in published
    _refused(lambda: ssm.get_parameters_by_path(Path=path, Recursive=True, WithDecryption=True))
    _refused(lambda: ssm.get_parameter(Name=secret, WithDecryption=True))
    _refused(lambda: ssm.get_parameters(Names=[f"{path}/baseStage", secret], WithDecryption=True))


@pytest.mark.parametrize("role", ["preview-deployer", "preview-tester"])
@pytest.mark.parametrize("topic", ["shared-infra-{}-alarms", "notifications-{}-restaurants"])
def test_a_previews_workflow_neither_publishes_nor_subscribes_on_another_stage(
    stage: Stage, role: str, topic: str
) -> None:
    arn = f"arn:aws:sns:{stage.region}:000000000000:{topic.format(stage.name)}"
    with _a_workflow(stage, role) as workflow:
        sns = workflow.client("sns")

        _refused(lambda: sns.publish(TopicArn=arn, Message="spoofed"))
        _refused(lambda: sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="spy@example.org"))


@pytest.mark.parametrize("role", ["preview-deployer", "preview-tester"])
def test_a_previews_workflow_changes_nothing_that_another_stage_keeps(stage: Stage, role: str) -> None:
    pool = stage.published("auth", "userPoolId")
    name, table = f"/restaurants/{stage.name}/get-restaurants/config", f"restaurants-{stage.name}"
    with _a_workflow(stage, role) as workflow:
        ssm, cognito = workflow.client("ssm"), workflow.client("cognito-idp")
        dynamodb = workflow.client("dynamodb")

        _refused(lambda: ssm.put_parameter(Name=name, Value="{}", Type="String", Overwrite=True))
        _refused(lambda: ssm.delete_parameter(Name=name))
        _refused(lambda: cognito.admin_create_user(UserPoolId=pool, Username="somebody"))
        _refused(
            lambda: cognito.admin_add_user_to_group(
                UserPoolId=pool, Username="demo", GroupName=given.RESTAURANT_ADMINS
            )
        )
        _refused(lambda: dynamodb.put_item(TableName=table, Item={"listing": {"S": "x"}}))


def test_the_preview_tester_deploys_nothing(stage: Stage, preview_tester: boto3.Session) -> None:
    stack, function = f"orders-{PREVIEW}", f"orders-{PREVIEW}-place-order"
    cloudformation, lambda_ = preview_tester.client("cloudformation"), preview_tester.client("lambda")
    s3, iam = preview_tester.client("s3"), preview_tester.client("iam")

    _refused(lambda: cloudformation.create_change_set(StackName=stack, ChangeSetName="x", TemplateBody="{}"))
    _refused(lambda: cloudformation.delete_stack(StackName=stack))
    _refused(lambda: lambda_.update_function_code(FunctionName=function, ZipFile=b""))
    with _an_artifact_bucket(stage, f"{stack}-artifacts") as bucket:
        _refused(lambda: s3.put_object(Bucket=bucket, Key=ARTIFACT, Body=b""))
    _refused(lambda: iam.put_role_policy(RoleName=function, PolicyName="more", PolicyDocument="{}"))


def test_the_preview_deployer_tells_the_urls_of_its_stages_alone(
    stage: Stage, preview_deployer: boto3.Session
) -> None:
    ssm, url = preview_deployer.client("ssm"), f"/restaurants/{PREVIEW}/serviceUrl"
    stage.ssm.put_parameter(Name=url, Value="https://restaurants.example", Type="String")
    try:
        assert ssm.get_parameter(Name=url)["Parameter"]["Value"] == "https://restaurants.example"
    finally:
        stage.ssm.delete_parameter(Name=url)

    _refused(lambda: ssm.get_parameter(Name="/restaurants/prod/serviceUrl"))


def test_the_preview_deployer_makes_no_role_itself(preview_deployer: boto3.Session) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam = preview_deployer.client("iam")

    _refused(lambda: iam.create_role(RoleName=f"orders-{PREVIEW}-x", AssumeRolePolicyDocument=trust))


@pytest.mark.parametrize("deployer", ["preview", "main", "prod"])
def test_cloudformation_writes_no_role_without_the_boundary(stage: Stage, deployer: str) -> None:
    # By its policies: the emulator neither asks what CloudFormation may do, nor knows this condition.
    writing = [
        statement
        for statement in deployers.role_statements(stage, f"big-mouth-{deployer}-cloudformation")
        if WRITES_ROLES & set(statement["Action"])
    ]

    assert set().union(*(statement["Action"] for statement in writing)) >= WRITES_ROLES
    assert all("iam:PermissionsBoundary" in one["Condition"]["StringEquals"] for one in writing)


@contextmanager
def _a_workflow(stage: Stage, role: str) -> Iterator[boto3.Session]:
    """Give the session of a workflow on a branch that has taken a role on."""
    with deployers.under(workflow_role.assume(role, workflow_role.token(BRANCH))):
        yield boto3.Session(region_name=stage.region)


@contextmanager
def _a_secret(stage: Stage, other: str) -> Iterator[str]:
    """Give the name of a secret that another stage keeps, while it does."""
    name = f"/restaurants/{other}/search-restaurants/e2e-secret"
    stage.ssm.put_parameter(Name=name, Value="not for previews", Type="SecureString")
    try:
        yield name
    finally:
        stage.ssm.delete_parameter(Name=name)


@contextmanager
def _an_artifact_bucket(stage: Stage, name: str) -> Iterator[str]:
    s3 = _as_suite(stage).client("s3")
    s3.create_bucket(Bucket=name)
    try:
        s3.put_object(Bucket=name, Key=ARTIFACT, Body=b"a package")
        yield name
    finally:
        s3.delete_object(Bucket=name, Key=ARTIFACT)
        s3.delete_bucket(Bucket=name)


def _refused(call: Callable[[], Any]) -> None:
    with pytest.raises(ClientError) as refusal:
        call()
    assert refusal.value.response["Error"]["Code"] in {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
    }


def _as_suite(stage: Stage) -> boto3.Session:
    """Give a session of the suite's own credentials, whatever the process works under."""
    return boto3.Session(
        aws_access_key_id=stage.credentials.access_key,
        aws_secret_access_key=stage.credentials.secret_key,
        region_name=stage.region,
    )
