"""The stage under test: what it publishes in SSM and which clients reach it.

Everything comes from the usual AWS variables, the stage's name and what the stacks publish, so that the same
suite runs against the emulator and AWS.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from mypy_boto3_apigateway import APIGatewayClient
from mypy_boto3_cloudformation import CloudFormationClient
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_events import EventBridgeClient
from mypy_boto3_iam import IAMClient
from mypy_boto3_lambda import LambdaClient
from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef
from mypy_boto3_logs import CloudWatchLogsClient
from mypy_boto3_s3 import S3Client
from mypy_boto3_sqs import SQSClient
from mypy_boto3_ssm import SSMClient
from mypy_boto3_stepfunctions import SFNClient
from stagectl import aws
from stagectl.checkout.facts import LOOPBACK_HOSTS
from stagectl.stacks import base_stage
from stagectl.stacks.published import EDGE, LANDING_PAGE

REPOSITORY = Path(__file__).parents[2]


class StageNotFoundError(Exception):
    """The stage does not publish what the suite needs.

    It is not deployed, or `STAGE` and `AWS_*` name another one.
    """


@dataclass(frozen=True)
class Stage:
    """A deployed stage."""

    name: str
    region: str
    is_emulator: bool

    def published(self, service: str, name: str) -> str:
        """Return what a stack publishes under `/{service}/{stage}/{name}`.

        Raises:
            StageNotFoundError: there is no such parameter.
        """
        return _parameter(self, f"/{service}/{self.name}/{name}")

    def service_url(self, service: str) -> str:
        """Return the root URL of a service, without a trailing slash."""
        return self.published(service, "serviceUrl").rstrip("/")

    @property
    def edge_url(self) -> str | None:
        """The address of the edge in front of the stage; None where it has none."""
        if not (REPOSITORY / "shared-infra" / EDGE).exists():
            return None
        try:
            return self.published(EDGE, "url")
        except StageNotFoundError:
            return None

    def door(self, service: str) -> str:
        """Return the root URL by which people reach a service: below the edge's, where the stage has one."""
        if self.edge_url is None:
            return self.service_url(service)
        return self.edge_url if service == LANDING_PAGE else f"{self.edge_url}/api/{service}"

    def quotas(self, service: str) -> dict[str, dict[str, int]]:
        """Return the operational limits of a service, by function."""
        quotas: dict[str, dict[str, int]] = json.loads(self.published(service, "serviceQuotas"))
        return quotas

    def parameter_path(self, service: str, function: str, name: str) -> str:
        """Return the path of an operator's parameter, which may be another stage's (`ssmStage`)."""
        return f"/{service}/{self.ssm_stage(service, function)}/{function}/{name}"

    def ssm_stage(self, service: str, function: str) -> str:
        """Return the stage whose configuration and secrets the function reads."""
        return self.environment(service, function)["SSM_STAGE"]

    def environment(self, service: str, function: str) -> dict[str, str]:
        """Return the variables of a deployed function."""
        return self.configuration(self.name_on_stage(service, function))["Environment"]["Variables"]

    def configuration(self, function_name: str) -> FunctionConfigurationResponseTypeDef:
        """Return the configuration of a deployed function by its name on AWS."""
        return _configuration(self, function_name)

    @property
    def bases(self) -> dict[str, str]:
        """The base stage of each service that a partial preview does not deploy."""
        return _bases(self)

    def home_of(self, service: str) -> str:
        """Return the name of the stage that a service is deployed to: this one or its base."""
        return self.bases.get(service, self.name)

    def has_its_own(self, service: str) -> bool:
        """Whether the service is deployed to this stage."""
        return self.home_of(service) == self.name

    def name_on_stage(self, service: str, name: str) -> str:
        """Return the name on AWS of a function, a queue or another resource of a service."""
        return f"{service}-{self.home_of(service)}-{name}"

    @property
    def is_own_account(self) -> bool:
        """Whether the suite has all permissions: on an emulator, as its root and under no role."""
        return self.is_emulator and self.credentials.token is None

    @property
    def services(self) -> list[str]:
        """Names of all services of the checkout."""
        return sorted(file.parent.name for file in REPOSITORY.glob("services/*/serverless.yml"))

    @property
    def stacks(self) -> list[str]:
        """Names of all CloudFormation stacks that make up the stage."""
        return [f"{service}-{self.home_of(service)}" for service in ["shared-infra", *self.services]]

    def functions(self) -> Iterator[FunctionConfigurationResponseTypeDef]:
        """Yield the configuration of every function of the stage."""
        prefixes = tuple(self.name_on_stage(service, "") for service in self.services)
        for page in self.lambda_.get_paginator("list_functions").paginate():
            for function in page["Functions"]:
                if function["FunctionName"].startswith(prefixes):
                    yield self.lambda_.get_function_configuration(FunctionName=function["FunctionName"])

    @cached_property
    def apigateway(self) -> APIGatewayClient:
        """Client of API Gateway."""
        return self._session.client("apigateway")

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """Client of CloudFormation."""
        return self._session.client("cloudformation")

    @cached_property
    def cognito(self) -> CognitoIdentityProviderClient:
        """Client of Cognito's user pools."""
        return self._session.client("cognito-idp")

    @cached_property
    def events(self) -> EventBridgeClient:
        """Client of EventBridge."""
        return self._session.client("events")

    @cached_property
    def iam(self) -> IAMClient:
        """Client of IAM."""
        return self._session.client("iam")

    @cached_property
    def lambda_(self) -> LambdaClient:
        """Client of Lambda."""
        return self._session.client("lambda")

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """Client of CloudWatch Logs."""
        return self._session.client("logs")

    @cached_property
    def s3(self) -> S3Client:
        """Client of S3."""
        return self._session.client("s3")

    @cached_property
    def sqs(self) -> SQSClient:
        """Client of SQS."""
        return self._session.client("sqs")

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """Client of DynamoDB."""
        return self._session.client("dynamodb")

    @cached_property
    def step_functions(self) -> SFNClient:
        """Client of Step Functions."""
        return self._session.client("stepfunctions")

    @cached_property
    def ssm(self) -> SSMClient:
        """Client of SSM."""
        return self._session.client("ssm")

    @cached_property
    def credentials(self) -> Any:
        """The credentials of the suite, as botocore signs with them."""
        return self._session.get_credentials()

    @cached_property
    def _session(self) -> boto3.Session:
        return aws.session(region_name=self.region)


def stage_under_test() -> Stage:
    """Return the stage that `STAGE` names (`local` by default), on AWS or where `AWS_ENDPOINT_URL` points."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    return Stage(
        name=os.environ.get("STAGE", "local"),
        # botocore reads only AWS_DEFAULT_REGION; Lambda and the other SDKs read AWS_REGION.
        region=os.environ.get("AWS_REGION") or boto3.Session().region_name or "us-east-1",
        is_emulator=urlsplit(endpoint).hostname in LOOPBACK_HOSTS,
    )


@cache
def _bases(stage: Stage) -> dict[str, str]:
    return base_stage.taken(stage.ssm, stage.name, ["shared-infra", *stage.services])


@cache
def _parameter(stage: Stage, path: str) -> str:
    try:
        return stage.ssm.get_parameter(Name=path)["Parameter"]["Value"]
    except stage.ssm.exceptions.ParameterNotFound:
        where = os.environ.get("AWS_ENDPOINT_URL", f"AWS in {stage.region}")
        message = f"{where} has no {path}: deploy the stage {stage.name} first, or correct STAGE and AWS_*."
        raise StageNotFoundError(message) from None


@cache
def _configuration(stage: Stage, function_name: str) -> FunctionConfigurationResponseTypeDef:
    return stage.lambda_.get_function_configuration(FunctionName=function_name)
