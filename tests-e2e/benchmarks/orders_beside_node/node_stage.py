"""A stage of the public implementation in Node, deployed from a copy of a checkout of it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steps.given import Person
from support.stage import REPOSITORY, Stage

STAGE = "beside"
STACK = f"workshop-jasper-{STAGE}"
KEY_PARAMETER = f"/workshop-jasper/{STAGE}/kmsArn"
SLS = REPOSITORY / "node_modules" / ".bin" / "sls"
CHANGES = {
    # osls is not the Serverless Framework 3, and knows neither this runtime nor `package.include`.
    'frameworkVersion: "3"\n': "configValidationMode: warn\n",
    # The emulator's Node has no AWS SDK of its own, as Lambda's has.
    '    external:\n      - "@aws-sdk/*"\n': "",
    # These write files for its tests.
    "  - serverless-export-env\n": "",
    "  - serverless-export-outputs\n": "",
    # It calls an interface that osls has not, after the deployment.
    "  - serverless-api-gateway-throttling\n": "",
}
"""What is changed in its `serverless.yml`, so that osls deploys it to the emulator; its handlers are not."""


@dataclass(frozen=True)
class NodeStage:
    """The deployed implementation.

    Attributes:
        orders_url: URL of its `POST /orders`.
        id_token: ID token of a customer of its user pool.
    """

    orders_url: str
    id_token: str


@contextmanager
def node_stage(checkout: Path, stage: Stage) -> Iterator[NodeStage]:
    """Deploy the implementation beside a stage, in the same region, and remove it at the end.

    Args:
        checkout: A checkout of kshyun28/production-ready-serverless after `npm ci`; it is not written to.
        stage: A stage of ours on an emulator.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "node"
        shutil.copytree(checkout, folder, ignore=shutil.ignore_patterns(".git", "node_modules"))
        _change(folder / "serverless.yml")
        (folder / "node_modules").symlink_to((checkout / "node_modules").resolve(strict=True))
        # Its README says to make this key by hand; only its search uses it.
        key = stage.published("shared-infra", "kmsArn")
        stage.ssm.put_parameter(Name=KEY_PARAMETER, Type="String", Value=key, Overwrite=True)
        where = ["--stage", STAGE, "--region", stage.region]
        try:
            _sls(["deploy", *where], folder)
            yield NodeStage(_orders_url(stage), _id_token(stage))
        finally:
            _sls(["remove", *where], folder)
            stage.ssm.delete_parameter(Name=KEY_PARAMETER)


def _change(configuration: Path) -> None:
    text = configuration.read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        if text.count(old) != 1:
            raise SystemExit(f"{configuration.name} of the checkout has changed: it has no {old.strip()!r}.")
        text = text.replace(old, new)
    configuration.write_text(text, encoding="utf-8")


def _sls(arguments: list[str], folder: Path) -> None:
    ended = subprocess.run(
        [SLS, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise SystemExit(f"`sls {arguments[0]}` of the Node implementation failed:\n{ended.stdout}")


def _orders_url(stage: Stage) -> str:
    resource = stage.cloudformation.describe_stack_resource(
        StackName=STACK, LogicalResourceId="ApiGatewayRestApi"
    )
    api = resource["StackResourceDetail"]["PhysicalResourceId"]
    return f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}/{STAGE}/orders"


def _id_token(stage: Stage) -> str:
    (stack,) = stage.cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    pool, person = outputs["CognitoUserPoolId"], Person()
    stage.cognito.admin_create_user(
        UserPoolId=pool,
        Username=person.username,
        MessageAction="SUPPRESS",
        UserAttributes=person.attributes,
    )
    stage.cognito.admin_set_user_password(
        UserPoolId=pool, Username=person.username, Password=person.password, Permanent=True
    )
    answer = stage.cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=outputs["CognitoUserPoolServerClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": person.username, "PASSWORD": person.password},
    )
    return answer["AuthenticationResult"]["IdToken"]
