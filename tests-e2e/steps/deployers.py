"""The roles that workflows deploy with: the account's stack, GitHub's tokens, and what the roles open."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import boto3

from stage import REPOSITORY, Stage

GITHUB_REPOSITORY = "big-mouth-tests/big-mouth"
ISSUER = "https://token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
_ACCOUNT_STACK = REPOSITORY / "shared-infra" / "account"


@contextmanager
def the_account_stack(preview_base: str) -> Iterator[None]:
    """Deploy the account's stack, and remove it afterwards.

    Args:
        preview_base: the stage whose configuration and secrets previews may read.
    """
    # The emulator's CloudFormation does not know identity providers, and does not ask for one.
    parameters = {"repository": GITHUB_REPOSITORY, "oidcProvider": "existing", "previewBase": preview_base}
    settings = [f"--param={name}={value}" for name, value in parameters.items()]
    _sls("deploy", *settings)
    try:
        yield
    finally:
        _sls("remove", *settings)


def a_token(subject: str, *, repository: str = GITHUB_REPOSITORY, audience: str = AUDIENCE) -> str:
    """Give a token as GitHub issues it to a workflow, for what follows the repository in its subject.

    Its signature is none: the emulator does not check it, AWS would.
    """
    claims = {"iss": ISSUER, "aud": audience, "sub": f"repo:{repository}:{subject}"}
    return ".".join([_part({"alg": "RS256", "typ": "JWT"}), _part(claims), _part({})])


def assume(stage: Stage, deployer: str, token: str) -> dict[str, str]:
    """Give the environment variables that hold the credentials of a deployer's role.

    Raises:
        ClientError: STS refuses the token.
    """
    sts = boto3.client("sts", region_name=stage.region)
    account = sts.get_caller_identity()["Account"]
    credentials = sts.assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{account}:role/big-mouth-{deployer}-deployer",
        RoleSessionName="workflow",
        WebIdentityToken=token,
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }


@contextmanager
def under(credentials: Mapping[str, str]) -> Iterator[None]:
    """Let this process's new sessions, and its children, work under some credentials meanwhile."""
    before = dict(os.environ)
    os.environ.update(credentials)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def role_statements(stage: Stage, role: str) -> list[dict[str, Any]]:
    """Give all statements of a role's own and its managed policies."""
    documents = [
        stage.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in stage.iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    for attached in stage.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        policy = stage.iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]
        version = stage.iam.get_policy_version(
            PolicyArn=attached["PolicyArn"], VersionId=policy["DefaultVersionId"]
        )
        documents.append(version["PolicyVersion"]["Document"])
    # boto3 has decoded them, whatever their type says.
    return [statement for document in cast("list[Any]", documents) for statement in document["Statement"]]


def _part(content: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _sls(*arguments: str) -> None:
    program = REPOSITORY / "node_modules" / ".bin" / "sls"
    ran = subprocess.run(
        [program, *arguments], cwd=_ACCOUNT_STACK, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
