"""Trust policies may have conditions on all claims of GitHub's tokens that STS knows; MiniStack knows three.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ministack.services import cognito, sts

GITHUB = "token.actions.githubusercontent.com"
CLAIMS = (
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "workflow",
)

Principal = tuple[str, dict[str, Any]]


def install() -> None:
    """Let trust policies ask for all claims that STS knows."""
    sts._web_identity_principal = with_claims_of_github(sts._web_identity_principal)


def with_claims_of_github(principal_of: Callable[[str, str, str], Principal]) -> Callable[..., Principal]:
    """Add the claims of a token of GitHub to the keys of its principal."""

    @wraps(principal_of)
    def operation(token: str, provider_id: str, role_arn: str) -> Principal:
        principal, keys = principal_of(token, provider_id, role_arn)
        if principal.endswith(f":oidc-provider/{GITHUB}"):
            claims = cognito._decode_id_token_unverified(token)
            keys |= {f"{GITHUB}:{name}": claims[name] for name in CLAIMS if name in claims}
        return principal, keys

    return operation
