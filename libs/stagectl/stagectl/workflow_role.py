"""What a GitHub workflow does before it touches AWS, for the emulator: it takes on a role with a token."""

import base64
import json
from collections.abc import Mapping

from stagectl import aws

REPOSITORY = "big-mouth-tests/big-mouth"
"""The repository on GitHub that tests make the account's stack trust."""

_ISSUER = "https://token.actions.githubusercontent.com"
_AUDIENCE = "sts.amazonaws.com"


def token(subject: str, *, repository: str = REPOSITORY, audience: str = _AUDIENCE) -> str:
    """Return a token as GitHub issues it to a workflow, for what follows the repository in its subject.

    Its signature is none: the emulator does not check it, AWS would.
    """
    claims = {"iss": _ISSUER, "aud": audience, "sub": f"repo:{repository}:{subject}"}
    return ".".join([_part({"alg": "RS256", "typ": "JWT"}), _part(claims), _part({})])


def assume(role: str, token: str) -> dict[str, str]:
    """Return the environment variables that hold credentials of a role of the account that was entered.

    Args:
        role: Its name without the project's, such as `preview-deployer`.
        token: The workflow's token.

    Raises:
        ClientError: STS refuses the token.
    """
    sts = aws.session().client("sts")
    account = sts.get_caller_identity()["Account"]
    credentials = sts.assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{account}:role/big-mouth-{role}",
        RoleSessionName="workflow",
        WebIdentityToken=token,
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }


def _part(content: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
