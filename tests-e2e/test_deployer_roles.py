"""A preview is deployed and taken down with nothing but what its deployer's role allows."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, cast

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError
from stagectl import deploy, local_stage, remove, services
from stagectl.checkout import Checkout
from stagectl.stack_states import StackStates
from stagectl.target import Target

from stage import REPOSITORY, Stage
from steps import deployers

pytestmark = [pytest.mark.http_only, pytest.mark.emulator_only]

PREVIEW = "preview-roles"
BRANCH = "ref:refs/heads/feature/new-menu"
ARTIFACT = "serverless/orders.zip"
WRITES_ROLES = {"iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"}


@pytest.fixture(scope="module", autouse=True)
def account_stack(stage: Stage) -> Iterator[None]:
    with deployers.the_account_stack(preview_base=stage.name):
        yield


@pytest.fixture
def preview_deployer(stage: Stage) -> Iterator[boto3.Session]:
    """The session of a workflow that runs on a branch."""
    with deployers.under(deployers.assume(stage, "preview", deployers.a_token(BRANCH))):
        yield boto3.Session(region_name=stage.region)


@pytest.mark.timeout(300)
def test_a_preview_is_deployed_and_taken_down_under_its_deployers_role(
    stage: Stage, preview_deployer: boto3.Session
) -> None:
    checkout = Checkout(REPOSITORY)
    target = Target("the emulator, as preview-deployer", dict(os.environ), is_emulator=False)
    stacks = services.discover(checkout.root)
    preview = local_stage.Stage(PREVIEW, stacks, target)
    states = StackStates.of(target)
    before = _everything(stage)
    # As previews do, it reads the configuration and secrets of a stage that has some.
    parameters = ["deployer=preview", f"ssmStage={stage.name}"]
    plan = deploy.DeploymentPlan(PREVIEW, stacks, target, parameters=parameters)

    try:
        report = deploy.deploy(checkout, plan, states)
        boundaries = [_boundaries(stage, name) for name in stacks]
        page = _landing_page_within(stage, _boundary(stage))
    finally:
        removed = remove.take_down(checkout, preview, states, jobs=plan.jobs)

    assert report.outcomes == dict.fromkeys(stacks, "deployed")
    assert set().union(*boundaries) == {_boundary(stage)}
    assert page == HTTPStatus.OK
    assert removed == dict.fromkeys(stacks, "removed")
    assert _everything(stage) == before


@pytest.mark.parametrize("other", ["dev", "prod", "local"])
def test_the_preview_deployer_is_refused_on_every_other_stage(
    stage: Stage, preview_deployer: boto3.Session, other: str
) -> None:
    cloudformation = preview_deployer.client("cloudformation")
    s3 = preview_deployer.client("s3")
    lambda_ = preview_deployer.client("lambda")
    stack, function = f"orders-{other}", f"orders-{other}-place-order"

    _refused(lambda: cloudformation.describe_stacks(StackName=stack))
    _refused(lambda: cloudformation.create_change_set(StackName=stack, ChangeSetName="x", TemplateBody="{}"))
    _refused(lambda: cloudformation.delete_stack(StackName=stack))
    with _an_artifact_bucket(stage, f"{stack}-artifacts") as bucket:
        _refused(lambda: s3.list_objects_v2(Bucket=bucket))
        _refused(lambda: s3.get_object(Bucket=bucket, Key=ARTIFACT))
        _refused(lambda: s3.put_object(Bucket=bucket, Key=ARTIFACT, Body=b""))
    _refused(lambda: lambda_.get_function(FunctionName=function))
    _refused(lambda: lambda_.update_function_code(FunctionName=function, ZipFile=b""))


def test_the_preview_deployer_may_not_read_another_stages_secret(
    stage: Stage, preview_deployer: boto3.Session
) -> None:
    secret = stage.parameter_path("restaurants", "search-restaurants", "secretString")
    ssm = preview_deployer.client("ssm")
    assert stage.ssm.get_parameter(Name=secret, WithDecryption=True)["Parameter"]["Value"]

    _refused(lambda: ssm.get_parameter(Name=secret, WithDecryption=True))
    _refused(lambda: ssm.get_parameters(Names=[secret], WithDecryption=True))


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


@pytest.mark.parametrize(
    ("deployer", "subject"),
    [
        ("preview", BRANCH),
        ("preview", "pull_request"),
        ("main", "ref:refs/heads/main"),
        ("main", "environment:dev"),
        ("main", "environment:staging"),
        ("prod", "environment:prod"),
    ],
)
def test_a_workflow_gets_the_role_of_its_branch_or_environment(
    stage: Stage, deployer: str, subject: str
) -> None:
    assert deployers.assume(stage, deployer, deployers.a_token(subject))


@pytest.mark.parametrize(
    ("deployer", "token"),
    [
        ("preview", deployers.a_token(BRANCH, repository="somebody/big-mouth")),
        ("preview", deployers.a_token(BRANCH, repository=f"{deployers.GITHUB_REPOSITORY}-fork")),
        ("preview", deployers.a_token(BRANCH, audience="https://github.com/big-mouth-tests")),
        ("preview", deployers.a_token("ref:refs/tags/v1")),
        ("preview", deployers.a_token("environment:prod")),
        ("main", deployers.a_token(BRANCH)),
        ("main", deployers.a_token("ref:refs/heads/main-2")),
        ("main", deployers.a_token("pull_request")),
        ("main", deployers.a_token("environment:prod")),
        ("prod", deployers.a_token("ref:refs/heads/main")),
        ("prod", deployers.a_token("environment:dev")),
    ],
)
def test_any_other_workflow_gets_no_role(stage: Stage, deployer: str, token: str) -> None:
    _refused(lambda: deployers.assume(stage, deployer, token))


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
    assert refusal.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}


def _boundaries(stage: Stage, stack: str) -> set[str]:
    """Give what the roles of a stack carry, by its template: the emulator makes roles without."""
    # boto3 has decoded it, whatever its type says.
    template = cast("dict[str, Any]", stage.cloudformation.get_template(StackName=f"{stack}-{PREVIEW}"))
    return {
        resource["Properties"].get("PermissionsBoundary", "none")
        for resource in template["TemplateBody"]["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role"
    }


def _landing_page_within(stage: Stage, boundary: str) -> int:
    """Give the status of the preview's page once its roles really carry the boundary.

    Behind the page are a signed call to another function, its table, and parameters of three stacks.
    """
    for role in _role_names(stage):
        if f"-{PREVIEW}-" in role:
            stage.iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    url = stage.ssm.get_parameter(Name=f"/restaurants/{PREVIEW}/serviceUrl")["Parameter"]["Value"]
    return httpx.get(f"{url}/", timeout=30).status_code


def _role_names(stage: Stage) -> list[str]:
    pages = stage.iam.get_paginator("list_roles").paginate()
    return [role["RoleName"] for page in pages for role in page["Roles"]]


def _boundary(stage: Stage) -> str:
    arn = stage.iam.get_role(RoleName="big-mouth-preview-deployer")["Role"]["Arn"]
    return arn.replace("role/big-mouth-preview-deployer", "policy/big-mouth-preview-boundary")


def _everything(stage: Stage) -> set[str]:
    """Give the names of what the account holds, of all kinds that stacks make and name."""
    session = _as_suite(stage)
    kinds = [
        ("apigateway", "get_rest_apis", "items[].id"),
        ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
        ("dynamodb", "list_tables", "TableNames[]"),
        ("iam", "list_roles", "Roles[].RoleName"),
        ("kms", "list_aliases", "Aliases[].AliasName"),
        ("lambda", "list_functions", "Functions[].FunctionName"),
        ("logs", "describe_log_groups", "logGroups[].logGroupName"),
        ("sns", "list_topics", "Topics[].TopicArn"),
        ("sqs", "list_queues", "QueueUrls[]"),
        ("ssm", "describe_parameters", "Parameters[].Name"),
        ("stepfunctions", "list_state_machines", "stateMachines[].name"),
    ]
    found: set[str] = set()
    for service, operation, names in kinds:
        pages = session.client(service).get_paginator(operation).paginate()  # type: ignore[call-overload]
        found |= {f"{service} {name}" for name in pages.search(names) if name}
    return found | {f"s3 {bucket['Name']}" for bucket in session.client("s3").list_buckets()["Buckets"]}


def _as_suite(stage: Stage) -> boto3.Session:
    """Give a session of the suite's own credentials, whatever the process works under."""
    return boto3.Session(
        aws_access_key_id=stage.credentials.access_key,
        aws_secret_access_key=stage.credentials.secret_key,
        region_name=stage.region,
    )
