import base64
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
GITHUB = "token.actions.githubusercontent.com"
CLAIMS = {"ref": "refs/heads/main", "repository_id": "1296269", "actor": "octocat"}


@pytest.fixture(scope="module")
def provider(aws: Client) -> str:
    made = aws("iam").create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
    )
    return str(made["OpenIDConnectProviderArn"])


def token(**claims: str) -> str:
    always = {"iss": f"https://{GITHUB}", "aud": "sts.amazonaws.com", "sub": "repo:a/b:ref:refs/heads/main"}
    parts = ({"alg": "RS256", "typ": "JWT"}, {**always, "exp": 4102444800, "iat": 0, **claims})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2lnbmVk"])


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_trust_policy_asks_for_a_claim(aws: Client, provider: str, claim: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{GITHUB}:{claim}": CLAIMS[claim]}},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = aws("iam").create_role(RoleName=uuid.uuid4().hex, AssumeRolePolicyDocument=trust)["Role"]["Arn"]

    def assume(**claims: str) -> Any:
        return aws("sts").assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="test", WebIdentityToken=token(**claims)
        )

    assert assume(**CLAIMS)["Credentials"]
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(**{**CLAIMS, claim: "another"})
    with pytest.raises(ClientError, match="AccessDenied"):
        assume()
