"""Every statement of every policy of the account: what it allows, and what all policies of its role refuse.

The documents are those of the compiled stack, and the evaluator of the emulator's IAM answers. So conditions
can be tried about which the emulator does not ask: what CloudFormation does, and roles that are passed on.
What it does ask about is tried with calls in tests-e2e/scenarios/access/test_deployer_roles.py.
"""

import fnmatch
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stagectl import execution_policy
from stagectl.checkout import Checkout
from stagectl.stacks.stage_stacks import PROJECT

from .account_documents import ACCOUNT, REGION, Question, compiled_account, documents_of
from .conftest import ROOT
from .test_templates import as_list

HERE = f"{REGION}:{ACCOUNT}"
OTHER_REGION = "ap-south-1"
OWN_STAGES = {
    "preview": ["preview-a"],
    "main": ["dev", "staging"],
    "prod": ["prod"],
    "dev": ["dev"],
    "staging": ["staging"],
}
# No stage may be called `preview` or `dev-x`, see stage_name.py: its names would look like those of others.
STAGES = ["preview-a", "dev", "staging", "prod", "local", "previews"]

DEPLOYERS = {"preview-deployer", "main-deployer", "prod-deployer"}
PREVIEW_DEPLOYER = {"preview-deployer"}
SEEDERS = {"preview-deployer", "main-deployer"}
TESTERS = {"preview-tester", "main-tester"}
CLOUDFORMATION = {"preview-cloudformation", "main-cloudformation", "prod-cloudformation"}
RELEASERS = {"main-deployer", "prod-deployer"}
RELEASE_BOUNDARIES = {"dev-releases-boundary", "staging-releases-boundary", "prod-releases-boundary"}
BOUNDARIES = {"preview-boundary", "dev-boundary", "staging-boundary", "prod-boundary"}
FUNCTIONS = BOUNDARIES | TESTERS

OURS, NEW = "aws:ResourceTag", "aws:RequestTag"

POLICY = json.loads((ROOT / execution_policy.POLICY_FILE).read_text("utf-8"))


def makers(resource_type: str) -> set[str]:
    """Return the roles that create resources of a type, none if no template has one."""
    return CLOUDFORMATION if resource_type in POLICY["Types"] else set()


MAKES_APIS = makers("AWS::ApiGateway::RestApi")
MAKES_MACHINES = makers("AWS::StepFunctions::StateMachine")
MAKES_TABLES = makers("AWS::DynamoDB::Table")
HAS_TABLES = set() if POLICY["Tables"] == [] else FUNCTIONS
HAS_ROUTES = set() if POLICY["Routes"] == [] else FUNCTIONS
TABLE_OF_A_SERVICE = min((one for one in POLICY["Tables"] if "*" not in one), default="events-{stage}")
ROUTE = min(POLICY["Routes"], default="GET/status").replace("*", "x")


@dataclass(frozen=True)
class Row:
    """What roles may do on their own stages, and on no other.

    Attributes:
        actions: Actions, separated by spaces.
        resource: ARN without the partition; `{stage}` stands for a stage.
        may: Who may.
        tags: Whose tags must name project and stage: the resource's, the request's, or neither's.
        context: What else must be so; `{stage}` and `{of}` (preview, main, …) stand in it.
        wrong: Contexts that are refused.
        everywhere: Whether the call has no region.
        others: Who may as well, whatever the stage, so that nothing is asked about them.
    """

    actions: str
    resource: str
    may: set[str]
    tags: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[Mapping[str, Any], ...] = ()
    everywhere: bool = False
    others: frozenset[str] = frozenset()


def api(path: str) -> str:
    return f"apigateway:{REGION}::/{path}"


_STACK = f"cloudformation:{HERE}:stack/events-{{stage}}/1a2b"
_BUCKET = "s3:::auth-{stage}-serverlessdeploymentbucket-x"
_PAGES_BUCKET = "s3:::web-{stage}-assetsbucket-x"  # only-with-example-services
_LOGS_BUCKET = "s3:::logs-{stage}-bucket-x"
_ARCHIVE_BUCKET = "s3:::events-{stage}-archivebucket-x"
_MINE = {"aws:ResourceAccount": ACCOUNT}
_ELSEWHERE = ({"aws:ResourceAccount": "999999999999"},)
_POOL = f"cognito-idp:{HERE}:userpool/x_1"
_KEY = f"kms:{HERE}:key/1"
_MAPPING = f"lambda:{HERE}:event-source-mapping:1"
_FUNCTION = f"lambda:{HERE}:function:events-{{stage}}-event-logger"
_OUR_FUNCTION = {"lambda:FunctionArn": "arn:aws:" + _FUNCTION}
_OTHER_FUNCTION: tuple[Mapping[str, Any], ...] = (
    {"lambda:FunctionArn": f"arn:aws:lambda:{HERE}:function:other-preview-a-x"},
    {},
)
_VERSION = f"{_FUNCTION}:7"
_DASHBOARD = f"cloudwatch::{ACCOUNT}:dashboard/{PROJECT}-{{stage}}-x"
_GROUP = f"codedeploy:{HERE}:deploymentgroup:events-{{stage}}/events-{{stage}}-event-logger"
_ROLE = f"iam::{ACCOUNT}:role/events-{{stage}}-event-logger"
_BOUNDED = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/{PROJECT}-{{environment}}-boundary"}
_UNBOUNDED: tuple[Mapping[str, Any], ...] = (
    {},
    {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/other"},
)
_ITS_ROLE = {"cloudformation:RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{PROJECT}-{{of}}-cloudformation"}
_ANOTHER_ROLE = {"cloudformation:RoleArn": f"arn:aws:iam::{ACCOUNT}:role/admin"}
_IMPORT = {**_ITS_ROLE, "cloudformation:ImportResourceTypes": ["AWS::KMS::Key"]}
_BY_SSM = {"kms:ViaService": f"ssm.{REGION}.amazonaws.com"}
_MAIL = "email.cognito-idp.amazonaws.com"
_CODEDEPLOY_PASSED = {"iam:PassedToService": "codedeploy.amazonaws.com"}
_LAMBDA_PASSED = {"iam:PassedToService": "lambda.amazonaws.com"}

TABLE = [
    # The deployers.
    Row("cloudformation:DescribeStacks cloudformation:GetTemplate", _STACK, DEPLOYERS | TESTERS),
    Row("cloudformation:DescribeStackEvents cloudformation:ExecuteChangeSet", _STACK, DEPLOYERS),
    Row(
        "cloudformation:CreateChangeSet cloudformation:DeleteStack",
        _STACK,
        DEPLOYERS,
        context=_ITS_ROLE,
        wrong=(_ANOTHER_ROLE, _IMPORT),
    ),
    Row(
        "iam:PassRole",
        f"iam::{ACCOUNT}:role/{PROJECT}-{{of}}-cloudformation",
        DEPLOYERS,
        context={"iam:PassedToService": "cloudformation.amazonaws.com"},
        wrong=({"iam:PassedToService": "lambda.amazonaws.com"}, {}),
        everywhere=True,
    ),
    Row("cloudformation:ValidateTemplate", "*", DEPLOYERS),
    Row("s3:ListBucket", _BUCKET, DEPLOYERS | CLOUDFORMATION, context=_MINE, everywhere=True),
    # begin only-with-example-services
    # The files of replaced pages, which functions read and deployments mark.
    Row(
        "s3:GetObject",
        f"{_PAGES_BUCKET}/assets/x",
        DEPLOYERS | CLOUDFORMATION | FUNCTIONS,
        context=_MINE,
        everywhere=True,
    ),
    Row(
        "s3:GetObjectTagging s3:PutObjectTagging",
        f"{_PAGES_BUCKET}/assets/x",
        DEPLOYERS,
        context=_MINE,
        wrong=_ELSEWHERE,
        everywhere=True,
    ),
    # end only-with-example-services
    # Logs are shipped under a role within the boundary, and never where packages with code lie.
    Row("s3:PutObject", f"{_LOGS_BUCKET}/logs/x", DEPLOYERS | BOUNDARIES, context=_MINE, everywhere=True),
    Row(
        "s3:PutObject", f"{_ARCHIVE_BUCKET}/events/x", DEPLOYERS | BOUNDARIES, context=_MINE, everywhere=True
    ),
    Row(
        "firehose:PutRecord firehose:PutRecordBatch",
        f"firehose:{HERE}:deliverystream/logs-{{stage}}",
        BOUNDARIES,
    ),
    Row("firehose:UpdateDestination", f"firehose:{HERE}:deliverystream/logs-{{stage}}", CLOUDFORMATION),
    Row(
        "logs:PutSubscriptionFilter",
        f"logs:{HERE}:log-group:/aws/lambda/events-{{stage}}-x:log-stream:",
        CLOUDFORMATION,
    ),
    Row("s3:ListBucketVersions", _BUCKET, DEPLOYERS, context=_MINE, wrong=_ELSEWHERE, everywhere=True),
    Row(
        "s3:PutObject s3:DeleteObject s3:DeleteObjectVersion",
        f"{_BUCKET}/serverless/events.zip",
        DEPLOYERS,
        context=_MINE,
        wrong=_ELSEWHERE,
        everywhere=True,
    ),
    Row("lambda:GetFunction", _FUNCTION, DEPLOYERS | CLOUDFORMATION),
    Row("ssm:GetParameter", f"ssm:{HERE}:parameter/events/{{stage}}/serviceUrl", DEPLOYERS | FUNCTIONS),
    Row("apigateway:GET", api("restapis"), DEPLOYERS | MAKES_APIS),
    Row("apigateway:UpdateRestApiPolicy", api("restapis/a1"), MAKES_APIS, OURS),
    Row("apigateway:GET", api("apis"), makers("AWS::ApiGatewayV2::Api")),
    Row(
        "apigateway:PATCH apigateway:DELETE",
        api("apis/a1/stages/{stage}"),
        makers("AWS::ApiGatewayV2::Api"),
        OURS,
    ),
    Row("apigateway:GET", api("restapis/a1/deployments"), DEPLOYERS | MAKES_APIS, OURS),
    Row("apigateway:GET", api("restapis/a1/stages/{stage}"), DEPLOYERS | MAKES_APIS, OURS),
    Row(
        "apigateway:PUT",
        api("tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fa1%2Fstages%2F{stage}"),
        DEPLOYERS | MAKES_APIS,
        context={f"{NEW}/project": PROJECT, f"{NEW}/stage": "{stage}"},
        wrong=({f"{NEW}/project": "other"}, {f"{NEW}/stage": "local"}),
    ),
    Row(
        "apigateway:DELETE",
        api("tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fa1%2Fstages%2F{stage}"),
        DEPLOYERS,
        others=frozenset(CLOUDFORMATION),
        context={"aws:TagKeys": ["commit"]},
        wrong=({"aws:TagKeys": ["project"]}, {"aws:TagKeys": ["stage"]}),
    ),
    Row(
        "apigateway:DELETE",
        api("tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fa1"),
        MAKES_APIS,
        context={"aws:TagKeys": ["commit"]},
        wrong=({"aws:TagKeys": ["project"]}, {"aws:TagKeys": ["stage"]}),
    ),
    Row(
        "ssm:PutParameter",
        f"ssm:{HERE}:parameter/events/{{stage}}/x/secretString",
        DEPLOYERS | CLOUDFORMATION,
    ),
    Row("ssm:GetParameter", f"ssm:{HERE}:parameter/shared-infra/{{stage}}/kmsArn", DEPLOYERS | FUNCTIONS),
    Row("kms:Encrypt", _KEY, DEPLOYERS, OURS, _BY_SSM, ({"kms:ViaService": "s3.us-east-1.amazonaws.com"},)),
    Row(
        "ssm:GetParameters",
        f"ssm:{HERE}:parameter/shared-infra/{{stage}}/eventBusName",
        DEPLOYERS | CLOUDFORMATION,
    ),
    # Those who fill a stage with made-up data.
    Row(
        "dynamodb:PutItem dynamodb:DeleteItem dynamodb:BatchWriteItem",
        f"dynamodb:{HERE}:table/{TABLE_OF_A_SERVICE}",
        SEEDERS | HAS_TABLES,
    ),
    # begin only-with-example-services
    Row(
        "dynamodb:UpdateItem",
        f"dynamodb:{HERE}:table/restaurants-{{stage}}-staff",
        SEEDERS | FUNCTIONS | RELEASERS,
    ),
    # end only-with-example-services
    Row("ssm:GetParameter", f"ssm:{HERE}:parameter/auth/{{stage}}/userPoolId", SEEDERS | FUNCTIONS),
    Row("cognito-idp:AdminCreateUser", _POOL, SEEDERS | TESTERS, OURS),
    # Who releases versions, and returns to earlier ones.
    Row("lambda:GetAlias lambda:UpdateAlias", _FUNCTION, RELEASERS | RELEASE_BOUNDARIES | CLOUDFORMATION),
    Row("lambda:ListVersionsByFunction", _FUNCTION, RELEASERS | CLOUDFORMATION),
    Row("lambda:DeleteFunction", _VERSION, RELEASERS | CLOUDFORMATION),
    Row("lambda:DeleteFunction", _FUNCTION, CLOUDFORMATION),
    Row("codedeploy:ListDeployments", _GROUP, RELEASERS | CLOUDFORMATION),
    Row("codedeploy:StopDeployment", "*", RELEASERS | CLOUDFORMATION),
    Row("cloudwatch:DescribeAlarms", "*", RELEASE_BOUNDARIES),
    Row(
        "dynamodb:Scan",
        f"dynamodb:{HERE}:table/{TABLE_OF_A_SERVICE}",
        RELEASERS if HAS_TABLES else set(),
        others=frozenset(FUNCTIONS),
    ),
    Row(
        "ssm:PutParameter",
        f"ssm:{HERE}:parameter/shared-infra/{{stage}}/migrations/events/0001_x",
        RELEASERS | CLOUDFORMATION,
        # A preview's copies the base's parameters.
        others=frozenset(TESTERS | PREVIEW_DEPLOYER),
    ),
    # Hooks.
    Row(
        "codedeploy:ListDeploymentTargets codedeploy:BatchGetDeploymentTargets "
        "codedeploy:PutLifecycleEventHookExecutionStatus",
        "*",
        RELEASE_BOUNDARIES,
    ),
    Row(
        "logs:CreateLogStream logs:PutLogEvents",
        f"logs:{HERE}:log-group:/auth/{{stage}}/users-audit:log-stream:1",
        RELEASERS,
    ),
    # Who builds previews on another stage, and takes them down.
    Row(
        "ssm:GetParametersByPath",
        f"ssm:{HERE}:parameter/events/{{stage}}",
        PREVIEW_DEPLOYER,
        context={"ssm:Recursive": "false"},
    ),
    Row(
        "ssm:GetParameters",
        f"ssm:{HERE}:parameter/events/{{stage}}/baseStage",
        PREVIEW_DEPLOYER | TESTERS | CLOUDFORMATION,
    ),
    Row(
        "ssm:PutParameter",
        f"ssm:{HERE}:parameter/events/{{stage}}/serviceUrl",
        PREVIEW_DEPLOYER | CLOUDFORMATION,
    ),
    Row("cloudformation:ListStacks", "*", PREVIEW_DEPLOYER),
    Row(
        "dynamodb:DescribeTable",
        f"dynamodb:{HERE}:table/{TABLE_OF_A_SERVICE}",
        PREVIEW_DEPLOYER | MAKES_TABLES,
    ),
    Row("cognito-idp:DescribeUserPool", _POOL, PREVIEW_DEPLOYER | TESTERS | CLOUDFORMATION, OURS),
    Row(
        "logs:DeleteLogGroup",
        f"logs:{HERE}:log-group:/aws/lambda/events-{{stage}}-event-logger",
        PREVIEW_DEPLOYER | CLOUDFORMATION,
    ),
    Row("ssm:DescribeParameters", "*", PREVIEW_DEPLOYER | TESTERS | CLOUDFORMATION),
    Row(
        "ssm:DeleteParameter",
        f"ssm:{HERE}:parameter/events/{{stage}}/event-logger/secretString",
        PREVIEW_DEPLOYER | CLOUDFORMATION,
    ),
    # The testers.
    Row("lambda:GetFunctionConfiguration", _FUNCTION, TESTERS | CLOUDFORMATION),
    Row("apigateway:GET", api("restapis/a1/resources"), TESTERS | MAKES_APIS, OURS),
    Row("lambda:ListFunctions", "*", TESTERS | CLOUDFORMATION),
    Row("states:ListStateMachines", "*", TESTERS | MAKES_MACHINES),
    Row(
        "logs:FilterLogEvents",
        f"logs:{HERE}:log-group:/aws/lambda/events-{{stage}}-event-logger",
        TESTERS,
    ),
    Row("states:DescribeExecution", f"states:{HERE}:execution:events-{{stage}}-await-answer:1", TESTERS),
    Row(
        "ssm:PutParameter ssm:DeleteParameter",
        f"ssm:{HERE}:parameter/events/{{stage}}/event-logger/config",
        TESTERS | PREVIEW_DEPLOYER | CLOUDFORMATION,
    ),
    # What functions may at most, and so may those who run handlers in a test.
    Row("dynamodb:Query", f"dynamodb:{HERE}:table/{TABLE_OF_A_SERVICE}/index/x", HAS_TABLES),
    Row("dynamodb:GetRecords", f"dynamodb:{HERE}:table/{TABLE_OF_A_SERVICE}/stream/1", HAS_TABLES),
    # begin only-with-example-services
    Row(
        "dynamodb:UpdateItem",
        f"dynamodb:{HERE}:table/notifications-{{stage}}-deliveries",
        FUNCTIONS | RELEASERS,
        others=frozenset(SEEDERS),
    ),
    # end only-with-example-services
    Row("events:PutEvents", f"events:{HERE}:event-bus/shared-infra-{{stage}}", FUNCTIONS),
    Row("execute-api:Invoke", f"execute-api:{HERE}:a1/{{stage}}/{ROUTE}", HAS_ROUTES),
    Row("execute-api:Invoke", f"execute-api:{HERE}:a1/{{stage}}/GET/payroll", set()),
    Row("execute-api:ManageConnections", f"execute-api:{HERE}:a1/{{stage}}/POST/@connections/1", FUNCTIONS),
    Row("execute-api:ManageConnections", f"execute-api:{HERE}:a1/{{stage}}/DELETE/@connections/1", set()),
    Row("execute-api:Invoke", f"execute-api:{HERE}:a1/{{stage}}/OPTIONS/{ROUTE.partition('/')[2]}", set()),
    Row(
        "logs:PutLogEvents",
        f"logs:{HERE}:log-group:/aws/lambda/events-{{stage}}-x:log-stream:1",
        FUNCTIONS | RELEASE_BOUNDARIES,
    ),
    Row("ssm:GetParameter", f"ssm:{HERE}:parameter/events/{{stage}}/event-logger/secretString", FUNCTIONS),
    Row("ssm:GetParameter", f"ssm:{HERE}:parameter/other/{{stage}}/secret", set()),
    Row("lambda:InvokeFunction", _FUNCTION, FUNCTIONS, OURS, others=frozenset(RELEASE_BOUNDARIES)),
    # Hooks.
    Row("lambda:InvokeFunction", _FUNCTION, RELEASE_BOUNDARIES, others=frozenset(FUNCTIONS)),
    Row("sns:Publish", f"sns:{HERE}:events-{{stage}}-x", FUNCTIONS, OURS),
    Row(
        "sqs:SendMessage sqs:ReceiveMessage sqs:ChangeMessageVisibility",
        f"sqs:{HERE}:events-{{stage}}-x",
        FUNCTIONS,
        OURS,
    ),
    Row(
        "states:StartExecution",
        f"states:{HERE}:stateMachine:events-{{stage}}-x",
        FUNCTIONS,
        OURS,
    ),
    Row("kms:Decrypt", _KEY, FUNCTIONS | CLOUDFORMATION, OURS),
    Row("dynamodb:ListStreams states:SendTaskSuccess", "*", FUNCTIONS),
    # CloudFormation.
    Row("apigateway:POST", api("restapis"), MAKES_APIS, NEW),
    Row("apigateway:PATCH apigateway:DELETE", api("restapis/a1"), MAKES_APIS, OURS),
    Row("apigateway:POST", api("usageplans"), makers("AWS::ApiGateway::UsagePlan"), NEW),
    Row("apigateway:GET", api("usageplans"), makers("AWS::ApiGateway::UsagePlan")),
    Row(
        "apigateway:PATCH apigateway:DELETE",
        api("usageplans/p1"),
        makers("AWS::ApiGateway::UsagePlan"),
        OURS,
    ),
    # CloudFormation makes no keys.
    Row("apigateway:POST", api("apikeys"), set(), NEW),
    Row("apigateway:POST apigateway:DELETE", api("restapis/a1/resources/r1"), MAKES_APIS, OURS),
    Row("cloudwatch:PutMetricAlarm", f"cloudwatch:{HERE}:alarm:events-{{stage}}-x", CLOUDFORMATION),
    Row("cloudwatch:TagResource", f"cloudwatch:{HERE}:alarm:events-{{stage}}-x", CLOUDFORMATION),
    Row(
        "cloudwatch:PutCompositeAlarm",
        f"cloudwatch:{HERE}:alarm:events-{{stage}}-x",
        makers("AWS::CloudWatch::CompositeAlarm"),
    ),
    Row("cloudwatch:PutDashboard", _DASHBOARD, CLOUDFORMATION),
    Row("cloudwatch:UntagResource", _DASHBOARD, CLOUDFORMATION),
    Row("cloudwatch:ListDashboards", "*", CLOUDFORMATION, everywhere=True),
    Row(
        "codedeploy:TagResource codedeploy:ListTagsForResource",
        f"codedeploy:{HERE}:application:events-{{stage}}",
        CLOUDFORMATION,
    ),
    Row("codedeploy:CreateDeployment codedeploy:DeleteDeploymentGroup", _GROUP, CLOUDFORMATION),
    Row("codedeploy:CreateApplication", f"codedeploy:{HERE}:application:events-{{stage}}", CLOUDFORMATION),
    Row(
        "codedeploy:GetDeploymentConfig",
        f"codedeploy:{HERE}:deploymentconfig:CodeDeployDefault.LambdaAllAtOnce",
        CLOUDFORMATION,
    ),
    Row("iam:PassRole", _ROLE, CLOUDFORMATION, context=_CODEDEPLOY_PASSED, everywhere=True),
    Row("cognito-idp:CreateUserPool", "*", CLOUDFORMATION, NEW),
    Row("cognito-idp:TagResource", _POOL, CLOUDFORMATION, NEW, wrong=({f"{OURS}/project": "other"},)),
    Row("cognito-idp:UpdateUserPool cognito-idp:DeleteUserPool", _POOL, CLOUDFORMATION, OURS),
    Row("dynamodb:DeleteTable", f"dynamodb:{HERE}:table/{TABLE_OF_A_SERVICE}", MAKES_TABLES),
    Row("events:CreateArchive", f"events:{HERE}:archive/shared-infra-{{stage}}", CLOUDFORMATION),
    Row("events:CreateEventBus", f"events:{HERE}:event-bus/shared-infra-{{stage}}", CLOUDFORMATION),
    Row(
        "events:PutRule events:PutTargets events:DeleteRule events:ListTagsForResource",
        f"events:{HERE}:rule/shared-infra-{{stage}}/events-{{stage}}-x",
        CLOUDFORMATION,
    ),
    Row("events:PutRule", f"events:{HERE}:rule/other/events-{{stage}}-spy", set()),
    Row("events:PutRule", f"events:{HERE}:rule/events-{{stage}}-spy", set()),
    Row(
        "iam:PassRole",
        _ROLE,
        CLOUDFORMATION,
        context=_LAMBDA_PASSED,
        wrong=({"iam:PassedToService": "ec2.amazonaws.com"}, {}),
        everywhere=True,
    ),
    Row("iam:CreateRole iam:PutRolePolicy", _ROLE, CLOUDFORMATION, "", _BOUNDED, _UNBOUNDED, everywhere=True),
    Row("iam:DeleteRole", _ROLE, CLOUDFORMATION, everywhere=True),
    Row(
        "iam:CreateServiceLinkedRole",
        f"iam::{ACCOUNT}:role/aws-service-role/{_MAIL}/AWSServiceRoleForAmazonCognitoIdpEmailService",
        CLOUDFORMATION,
        context={"iam:AWSServiceName": _MAIL},
        wrong=({"iam:AWSServiceName": "ecs.amazonaws.com"}, {}),
        everywhere=True,
    ),
    Row("kms:CreateKey", "*", CLOUDFORMATION, NEW),
    Row("kms:TagResource", _KEY, CLOUDFORMATION, NEW, wrong=({"kms:ResourceAliases": ["alias/other"]},)),
    Row("kms:CreateAlias", f"kms:{HERE}:alias/{PROJECT}-{{stage}}", CLOUDFORMATION),
    Row("kms:CreateAlias kms:ScheduleKeyDeletion kms:PutKeyPolicy", _KEY, CLOUDFORMATION, OURS),
    Row("lambda:CreateEventSourceMapping", "*", CLOUDFORMATION, "", _OUR_FUNCTION, _OTHER_FUNCTION),
    Row("lambda:DeleteEventSourceMapping", _MAPPING, CLOUDFORMATION, "", _OUR_FUNCTION, _OTHER_FUNCTION),
    Row("lambda:TagResource", _MAPPING, CLOUDFORMATION, NEW),
    Row("lambda:UntagResource lambda:ListTags", _MAPPING, CLOUDFORMATION, OURS),
    Row("lambda:UpdateFunctionCode", _FUNCTION, CLOUDFORMATION),
    Row("lambda:AddPermission", _FUNCTION, makers("AWS::Lambda::Permission")),
    Row("logs:PutRetentionPolicy", f"logs:{HERE}:log-group:/aws/lambda/events-{{stage}}-x", CLOUDFORMATION),
    Row("s3:CreateBucket s3:GetReplicationConfiguration", _BUCKET, CLOUDFORMATION, everywhere=True),
    Row("s3:GetObject", f"{_BUCKET}/x.zip", DEPLOYERS | CLOUDFORMATION, context=_MINE, everywhere=True),
    Row("sns:CreateTopic sns:Subscribe", f"sns:{HERE}:shared-infra-{{stage}}-x", CLOUDFORMATION),
    Row("sqs:CreateQueue sqs:SetQueueAttributes", f"sqs:{HERE}:events-{{stage}}-x", CLOUDFORMATION),
    # begin only-with-example-services
    Row("states:CreateStateMachine", f"states:{HERE}:stateMachine:restaurants-{{stage}}-x", MAKES_MACHINES),
    # end only-with-example-services
    *(
        Row(action, "*", CLOUDFORMATION, everywhere=action.startswith(("iam:", "s3:")))
        for action in (
            "cognito-idp:ListUserPools",
            "events:ListRules",
            "firehose:ListDeliveryStreams",
            "iam:ListRoles",
            "kms:ListAliases",
            "lambda:ListEventSourceMappings",
            "logs:DescribeLogGroups",
            "s3:ListAllMyBuckets",
            "sns:ListTopics",
            "sqs:ListQueues",
        )
    ),
    Row("dynamodb:ListTables", "*", MAKES_TABLES),
]


@dataclass(frozen=True)
class Case:
    """A question, and what the answer should be."""

    question: Question
    allowed: bool


def environment_of(principal: str) -> str:
    return principal.partition("-")[0]


def filled(row: Row, principal: str, stage: str) -> tuple[str, dict[str, Any]]:
    """Return a row's ARN and context for a stage."""
    of = environment_of(principal)
    environment = "preview" if stage.startswith("preview") else stage
    values = {"stage": stage, "of": of, "environment": environment}

    def put(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    context = {key: put(value) for key, value in row.context.items()}
    if row.tags:
        context |= {f"{row.tags}/project": PROJECT, f"{row.tags}/stage": stage}
    resource = put(row.resource)
    return resource if resource == "*" else f"arn:aws:{resource}", context


def cases(row: Row, principals: set[str]) -> Iterator[Case]:
    for principal in sorted(principals - row.others):
        own = OWN_STAGES[environment_of(principal)]
        for action in row.actions.split():
            for stage in STAGES:
                resource, context = filled(row, principal, stage)
                if stage not in own and not names_stage(row):
                    continue
                here = Question(principal, action, resource, REGION, context)
                yield Case(here, allowed=stage in own and principal in row.may)
            stage = own[0]
            resource, context = filled(row, principal, stage)
            if not row.everywhere:
                yield Case(Question(principal, action, resource, OTHER_REGION, context), allowed=False)
            for wrong in row.wrong:
                spoilt = {**without(context, row.context), **filled_context(wrong, row, principal, stage)}
                yield Case(Question(principal, action, resource, REGION, spoilt), allowed=False)
            for spoilt in spoilt_tags(row, context):
                yield Case(Question(principal, action, resource, REGION, spoilt), allowed=False)


def names_stage(row: Row) -> bool:
    return "{stage}" in json.dumps([row.resource, dict(row.context)]) or bool(row.tags)


def without(context: dict[str, Any], left_out: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in context.items() if key not in left_out}


def filled_context(wrong: Mapping[str, Any], row: Row, principal: str, stage: str) -> dict[str, Any]:
    spoilt = Row(row.actions, row.resource, row.may, "", wrong)
    return filled(spoilt, principal, stage)[1]


def spoilt_tags(row: Row, context: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield contexts whose tags are missing, another project's, or without a stage."""
    if row.tags:
        project, stage = f"{row.tags}/project", f"{row.tags}/stage"
        yield without(context, {project: "", stage: ""})
        yield without(context, {project: ""})
        yield without(context, {stage: ""})
        yield {**context, project: "other"}


PRINCIPALS = DEPLOYERS | TESTERS | CLOUDFORMATION | BOUNDARIES | RELEASE_BOUNDARIES


@pytest.fixture(scope="module")
def documents() -> dict[str, list[Any]]:
    """The policies of everyone who has some, as the compiled stack has them."""
    return documents_of(compiled_account())


def answers(documents: dict[str, list[Any]], questions: list[Question]) -> list[bool]:
    asked = {"documents": documents, "questions": [one.as_json() for one in questions]}
    ran = subprocess.run(
        [Checkout(ROOT).emulator_python, Path(__file__).parent / "policy_evaluator.py"],
        input=json.dumps(asked),
        check=True,
        capture_output=True,
        text=True,
    )
    decided: list[bool] = json.loads(ran.stdout)
    return decided


def test_every_action_is_allowed_to_those_who_need_it_on_their_own_stages_alone(
    documents: dict[str, list[Any]],
) -> None:
    asked = [case for row in TABLE for case in cases(row, PRINCIPALS)]
    decided = answers(documents, [case.question for case in asked])

    wrong = [
        f"{case.question}: {'refused' if case.allowed else 'allowed'}"
        for case, allowed in zip(asked, decided, strict=True)
        if allowed != case.allowed
    ]
    assert wrong == []


def test_no_statement_is_missing_from_the_table(documents: dict[str, list[Any]]) -> None:
    asked = [case for row in TABLE for case in cases(row, PRINCIPALS) if case.allowed]
    alone = {
        f"{name}: {json.dumps(statement)[:160]}": (name, statement)
        for name, policies in documents.items()
        for policy in policies
        for statement in policy["Statement"]
    }
    alone_documents = {
        title: [{"Version": "2012-10-17", "Statement": [statement]}]
        for title, (_, statement) in alone.items()
    }
    questions = [
        Question(title, case.question.action, case.question.resource, REGION, case.question.context)
        for title, (name, statement) in alone.items()
        for case in asked
        if case.question.by == name
        and any(fnmatch.fnmatchcase(case.question.action, one) for one in as_list(statement["Action"]))
    ]
    decided = answers(alone_documents, questions)

    tried = {question.by for question, allowed in zip(questions, decided, strict=True) if allowed}
    assert sorted(alone.keys() - tried) == []


def test_no_policy_refuses_what_another_allows(documents: dict[str, list[Any]]) -> None:
    # A list of what is refused is never complete.
    effects = {
        statement["Effect"]
        for policies in documents.values()
        for one in policies
        for statement in one["Statement"]
    }
    assert effects == {"Allow"}


@pytest.mark.parametrize(
    ("parameters", "is_partial"),
    [((), False), (("previewBase=dev",), False), (("partialPreviews=true",), True)],
    ids=["by default", "with a base", "partial"],
)
def test_previews_read_another_stage_only_where_the_operator_chose_partial_previews(
    parameters: tuple[str, ...], *, is_partial: bool
) -> None:
    chosen = documents_of(compiled_account(*(text for one in parameters for text in ("--param", one))))
    secret = f"arn:aws:ssm:{HERE}:parameter/events/dev/event-logger/secretString"
    key, of_dev = f"arn:aws:{_KEY}", {f"{OURS}/project": PROJECT, f"{OURS}/stage": "dev"}
    api_of_dev = f"arn:aws:execute-api:{HERE}:a1/dev/{ROUTE}"
    published = f"arn:aws:ssm:{HERE}:parameter/events/dev"
    asked = [
        *(
            Question(by, "ssm:GetParameter", secret, REGION, {})
            for by in ("preview-tester", "preview-boundary")
        ),
        *(Question(by, "kms:Decrypt", key, REGION, of_dev) for by in ("preview-tester", "preview-boundary")),
        *(
            Question(by, "execute-api:Invoke", api_of_dev, REGION, {})
            for by in HAS_ROUTES & {"preview-boundary"}
        ),
        Question(
            "preview-deployer", "ssm:GetParametersByPath", published, REGION, {"ssm:Recursive": "false"}
        ),
    ]
    never = [
        Question("preview-deployer", "ssm:GetParameter", secret, REGION, {}),
        Question("preview-deployer", "ssm:GetParametersByPath", published, REGION, {"ssm:Recursive": "true"}),
        Question("preview-boundary", "ssm:GetParameter", secret.replace("/dev/", "/prod/"), REGION, {}),
    ]

    assert answers(chosen, asked) == [is_partial] * len(asked)
    assert answers(chosen, never) == [False] * len(never)
