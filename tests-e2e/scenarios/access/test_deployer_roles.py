"""What the roles of workflows do not open.

That they open enough is shown by `npm test`: a preview goes up, is tested and goes down under them.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from devtools.testing import account_stack, workflow_role
from stagectl import aws
from stagectl.checkout import Checkout
from stagectl.stacks.stage_stacks import PROJECT

from steps import deployers
from support.declared_routes import declared_routes
from support.stage import REPOSITORY, Stage

if TYPE_CHECKING:
    from mypy_boto3_kms.type_defs import TagTypeDef

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only, pytest.mark.beside_previews]

PREVIEW = "preview-roles"
BRANCH = "ref:refs/heads/feature/new-menu"
ARTIFACT = "serverless/events.zip"
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
    stack, function = f"events-{other}", f"events-{other}-event-logger"

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
@pytest.mark.parametrize("other", ["dev", "prod", "the base"])
def test_a_previews_workflow_may_not_read_another_stages_secret(stage: Stage, role: str, other: str) -> None:
    other = stage.name if other == "the base" else other
    with _a_secret(stage, other) as secret, _a_workflow(stage, role) as workflow:
        ssm = workflow.client("ssm")

        _refused(lambda: ssm.get_parameter(Name=secret, WithDecryption=True))
        _refused(lambda: ssm.get_parameters(Names=[secret], WithDecryption=True))
        _refused(lambda: ssm.get_parameters_by_path(Path=f"/events/{other}", Recursive=True))
        _refused(lambda: ssm.get_parameters_by_path(Path=f"/events/{other}"))


def test_a_preview_within_its_boundary_reads_only_its_own_secrets(stage: Stage) -> None:
    with (
        _a_secret(stage, stage.name) as of_base,
        _a_secret(stage, PREVIEW) as own,
        _within_the_boundary(stage) as function,
    ):
        ssm = function.client("ssm")

        assert ssm.get_parameter(Name=own, WithDecryption=True)["Parameter"]["Value"]
        _refused(lambda: ssm.get_parameter(Name=of_base, WithDecryption=True))


def test_cloudformation_changes_no_pool_key_or_api_that_is_not_of_its_stages(stage: Stage) -> None:
    with (
        _others_resources(stage, {}) as untagged,
        _others_resources(stage, _tags("prod")) as of_prod,
        _as_role(stage, f"{PROJECT}-preview-cloudformation") as role,
    ):
        for pool, key, api in (untagged, of_prod):
            _refused(role.client("cognito-idp").update_user_pool, UserPoolId=pool)
            _refused(role.client("cognito-idp").delete_user_pool, UserPoolId=pool)
            _refused(role.client("kms").schedule_key_deletion, KeyId=key)
            _refused(role.client("kms").put_key_policy, KeyId=key, Policy="{}")
            _refused(role.client("apigateway").delete_rest_api, restApiId=api)
            _refused(role.client("apigateway").get_resources, restApiId=api)
            _refused(role.client("apigateway").create_deployment, restApiId=api)


def test_cloudformation_makes_and_changes_what_carries_the_tags_of_its_stages(stage: Stage) -> None:
    with (
        _others_resources(stage, _tags(PREVIEW)) as (pool, key, _),
        _as_role(stage, f"{PROJECT}-preview-cloudformation") as role,
    ):
        role.client("cognito-idp").update_user_pool(UserPoolId=pool)
        role.client("kms").enable_key_rotation(KeyId=key)

        _refused(lambda: role.client("kms").create_key())
        _refused(lambda: role.client("cognito-idp").create_user_pool(PoolName="x"))


# The role may do nothing with APIs in a product that has none.
@pytest.mark.skipif(not declared_routes(), reason="no service has an API")
def test_cloudformation_makes_and_changes_apis_that_carry_the_tags_of_its_stages(stage: Stage) -> None:
    with (
        _others_resources(stage, _tags(PREVIEW)) as (_, _, api),
        _as_role(stage, f"{PROJECT}-preview-cloudformation") as role,
    ):
        apigateway = role.client("apigateway")
        apigateway.get_resources(restApiId=api)
        made = apigateway.create_rest_api(name="x", tags=_tags(PREVIEW))["id"]
        apigateway.delete_rest_api(restApiId=made)

        _refused(apigateway.create_rest_api, name="x")
        _refused(apigateway.create_rest_api, name="x", tags=_tags("prod"))


def test_cloudformation_makes_rules_on_the_buses_of_its_own_stages_alone(stage: Stage) -> None:
    rule, pattern = f"events-{PREVIEW}-x", json.dumps({"source": ["big-mouth"]})
    events = _as_suite(stage).client("events")
    events.create_event_bus(Name=f"shared-infra-{PREVIEW}")
    try:
        with _as_role(stage, f"{PROJECT}-preview-cloudformation") as role:
            mine = role.client("events")
            mine.put_rule(Name=rule, EventBusName=f"shared-infra-{PREVIEW}", EventPattern=pattern)
            mine.delete_rule(Name=rule, EventBusName=f"shared-infra-{PREVIEW}")
            for bus in (f"shared-infra-{stage.name}", "shared-infra-prod", "default"):
                _refused(mine.put_rule, Name=rule, EventBusName=bus, EventPattern=pattern)
    finally:
        events.delete_event_bus(Name=f"shared-infra-{PREVIEW}")


@pytest.mark.parametrize(("deployer", "name"), [("main", "events-dev"), ("prod", "events-prod")])
def test_who_deploys_empties_the_bucket_of_a_creation_that_was_rolled_back(
    stage: Stage, deployer: str, name: str
) -> None:
    with (
        _an_artifact_bucket(stage, f"{name}-serverlessdeploymentbucket-x") as bucket,
        _as_role(
            stage, f"{PROJECT}-{deployer}-deployer", "environment:" + name.partition("-")[2]
        ) as workflow,
    ):
        s3 = workflow.client("s3")
        for version in s3.list_object_versions(Bucket=bucket)["Versions"]:
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])

        assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize("role", ["preview-deployer", "preview-tester"])
def test_a_previews_workflow_changes_nothing_that_another_stage_keeps(stage: Stage, role: str) -> None:
    pool = stage.published("auth", "userPoolId")
    name, table = f"/events/{stage.name}/event-logger/config", f"events-{stage.name}"
    with _a_workflow(stage, role) as workflow:
        ssm, cognito = workflow.client("ssm"), workflow.client("cognito-idp")
        dynamodb = workflow.client("dynamodb")

        _refused(lambda: ssm.put_parameter(Name=name, Value="{}", Type="String", Overwrite=True))
        _refused(lambda: ssm.delete_parameter(Name=name))
        _refused(lambda: cognito.admin_create_user(UserPoolId=pool, Username="somebody"))
        _refused(
            lambda: cognito.admin_add_user_to_group(UserPoolId=pool, Username="demo", GroupName="admins")
        )
        _refused(lambda: dynamodb.put_item(TableName=table, Item={"listing": {"S": "x"}}))


def test_the_preview_tester_deploys_nothing(stage: Stage, preview_tester: boto3.Session) -> None:
    stack, function = f"events-{PREVIEW}", f"events-{PREVIEW}-event-logger"
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
    ssm, url = preview_deployer.client("ssm"), f"/events/{PREVIEW}/serviceUrl"
    stage.ssm.put_parameter(Name=url, Value="https://events.example", Type="String")
    try:
        assert ssm.get_parameter(Name=url)["Parameter"]["Value"] == "https://events.example"
    finally:
        stage.ssm.delete_parameter(Name=url)

    _refused(lambda: ssm.get_parameter(Name="/events/prod/serviceUrl"))


def test_the_preview_deployer_makes_no_role_itself(preview_deployer: boto3.Session) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam = preview_deployer.client("iam")

    _refused(lambda: iam.create_role(RoleName=f"events-{PREVIEW}-x", AssumeRolePolicyDocument=trust))


@pytest.mark.parametrize("deployer", ["preview", "main", "prod"])
def test_cloudformation_writes_no_role_without_the_boundary(stage: Stage, deployer: str) -> None:
    # By its policies: the emulator neither asks what CloudFormation may do, nor knows this condition.
    writing = [
        statement
        for statement in deployers.role_statements(stage, f"{PROJECT}-{deployer}-cloudformation")
        if WRITES_ROLES & set(statement["Action"])
    ]

    assert set().union(*(statement["Action"] for statement in writing)) >= WRITES_ROLES
    assert all("iam:PermissionsBoundary" in one["Condition"]["StringEquals"] for one in writing)


@contextmanager
def _a_workflow(stage: Stage, role: str) -> Iterator[boto3.Session]:
    """Yield the session of a workflow on a branch that has taken a role on."""
    with deployers.under(workflow_role.assume(role, workflow_role.token(BRANCH))):
        yield aws.session(region_name=stage.region)


@contextmanager
def _as_role(stage: Stage, role: str, subject: str | None = None) -> Iterator[boto3.Session]:
    """Yield the session of a role: by a workflow's token, or as the service has it that works under it."""
    if subject:
        credentials = workflow_role.assume(role.removeprefix(f"{PROJECT}-"), workflow_role.token(subject))
    else:
        sts = _as_suite(stage).client("sts")
        account = sts.get_caller_identity()["Account"]
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="e2e")[
            "Credentials"
        ]
        credentials = {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }
    with deployers.under(credentials):
        yield aws.session(region_name=stage.region)


@contextmanager
def _within_the_boundary(stage: Stage) -> Iterator[boto3.Session]:
    """Yield the session of a role that may do everything, within the boundary of previews."""
    iam = _as_suite(stage).client("iam")
    account = _as_suite(stage).client("sts").get_caller_identity()["Account"]
    name, everything = f"events-{PREVIEW}-e2e", {"Effect": "Allow", "Action": "*", "Resource": "*"}
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=_document(trust),
        PermissionsBoundary=f"arn:aws:iam::{account}:policy/{PROJECT}-preview-boundary",
    )
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=_document(everything))
    try:
        with _as_role(stage, name) as session:
            yield session
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="all")
        iam.delete_role(RoleName=name)


@contextmanager
def _others_resources(stage: Stage, tags: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the ids of a user pool, a key and an API with some tags."""
    root = _as_suite(stage)
    cognito, kms, apigateway = root.client("cognito-idp"), root.client("kms"), root.client("apigateway")
    pool = cognito.create_user_pool(PoolName="e2e", UserPoolTags=tags)["UserPool"]["Id"]
    listed: list[TagTypeDef] = [{"TagKey": key, "TagValue": text} for key, text in tags.items()]
    key = kms.create_key(Tags=listed)["KeyMetadata"]["KeyId"]
    api = apigateway.create_rest_api(name="e2e", tags=tags)["id"]
    try:
        yield pool, key, api
    finally:
        cognito.delete_user_pool(UserPoolId=pool)
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        apigateway.delete_rest_api(restApiId=api)


def _tags(stage: str) -> dict[str, str]:
    return {"project": PROJECT, "stage": stage}


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@contextmanager
def _a_secret(stage: Stage, other: str) -> Iterator[str]:
    """Yield the name of a secret that another stage keeps, while it does."""
    name = f"/events/{other}/event-logger/e2e-secret"
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


def _refused(call: Callable[..., Any], **arguments: object) -> None:
    with pytest.raises(ClientError) as refusal:
        call(**arguments)
    assert refusal.value.response["Error"]["Code"] in {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
    }


def _as_suite(stage: Stage) -> boto3.Session:
    """Return a session of the suite's own credentials, whatever the process works under."""
    return aws.session(
        aws_access_key_id=stage.credentials.access_key,
        aws_secret_access_key=stage.credentials.secret_key,
        region_name=stage.region,
    )
