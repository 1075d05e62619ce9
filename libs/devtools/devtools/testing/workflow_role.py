"""Assume a role with a token, as a GitHub workflow does, on the emulator."""

import base64
import json
import re
from collections.abc import Mapping

from stagectl import aws
from stagectl.stacks.stage_stacks import PROJECT

REPOSITORY = "acme@583231/shop@1296269"
"""The repository on GitHub that tests make the account's stack trust."""

MAIN = "refs/heads/main"

_ISSUER = "https://token.actions.githubusercontent.com"
_AUDIENCE = "sts.amazonaws.com"
_REF_OF_PULL_REQUEST = "refs/pull/7/merge"


def token(
    subject: str,
    *,
    repository: str = REPOSITORY,
    ref: str | None = None,
    workflow: str = "deploy-stage.yml",
    **claims: str,
) -> str:
    """Return a token as GitHub issues it to a workflow.

    It is not signed: the emulator does not check signatures, unlike AWS.

    Args:
        subject: What follows the repository in its subject.
        repository: `owner/name`, or `owner@OWNER_ID/name@REPOSITORY_ID`, as the subject has it.
        ref: What the workflow runs on; what the subject says, or the main branch for an environment.
        workflow: The file that defines the job.
        claims: Claims that replace those of GitHub.
    """
    name = re.sub(r"@\d+", "", repository)
    ref = ref or _ref_of(subject)
    return _signed_by_nobody(
        {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": f"repo:{repository}:{subject}",
            "repository": name,
            # GitHub issues it whatever the form of the subject.
            "repository_id": repository.rpartition("@")[2] if "@" in repository else "1296269",
            "ref": ref,
            "job_workflow_ref": f"{name}/.github/workflows/{workflow}@{ref}",
            **claims,
        }
    )


def assume(role: str, token: str) -> dict[str, str]:
    """Return the environment variables that hold credentials of a role of the account that was entered.

    Args:
        role: Its name without the project's, such as `preview-deployer`.
        token: The workflow's token.

    Raises:
        ClientError: STS refuses the token.
    """
    sts = aws.session().client("sts")
    _, partition, _, _, account, _ = sts.get_caller_identity()["Arn"].split(":", 5)
    credentials = sts.assume_role_with_web_identity(
        RoleArn=f"arn:{partition}:iam::{account}:role/{PROJECT}-{role}",
        RoleSessionName="workflow",
        WebIdentityToken=token,
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }


def _ref_of(subject: str) -> str:
    kind, _, rest = subject.partition(":")
    return {"ref": rest, "pull_request": _REF_OF_PULL_REQUEST}.get(kind, MAIN)


def _signed_by_nobody(claims: Mapping[str, str]) -> str:
    return ".".join([_part({"alg": "RS256", "typ": "JWT"}), _part(claims), _part({})])


def _part(content: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
