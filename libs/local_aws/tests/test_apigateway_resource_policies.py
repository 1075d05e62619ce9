import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from stagectl.targets.emulator import Emulator

from .user_pools import UserPool

Client = Callable[..., Any]
SECRET = "as-the-edge-knows-it"
FROM_THE_EDGE = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
    "Condition": {"StringEquals": {"aws:Referer": ["the-one-before", SECRET]}},
}


@dataclass(frozen=True)
class Api:
    """An API whose policy allows what the edge sends; its methods are `/public`, `/mine` and `/signed`."""

    url: str
    token: str

    def status(self, path: str, *, referer: str | None, **headers: str) -> int:
        sent = headers | ({"referer": referer} if referer else {})
        return requests.get(f"{self.url}/{path}", headers=sent, timeout=10).status_code


@pytest.fixture(scope="module")
def api(emulator: Emulator, aws: Client) -> Iterator[Api]:
    gateway, pool = aws("apigateway"), UserPool(aws("cognito-idp"))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [FROM_THE_EDGE]})
    made: str = gateway.create_rest_api(name="behind-an-edge", policy=policy)["id"]
    root = gateway.get_resources(restApiId=made)["items"][0]["id"]
    customers = gateway.create_authorizer(
        restApiId=made,
        name="customers",
        type="COGNITO_USER_POOLS",
        identitySource="method.request.header.Authorization",
        providerARNs=[f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{pool.id}"],
    )["id"]
    kinds = {
        "public": {"authorizationType": "NONE"},
        "mine": {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": customers},
        "signed": {"authorizationType": "AWS_IAM"},
    }
    for path, kind in kinds.items():
        part = gateway.create_resource(restApiId=made, parentId=root, pathPart=path)["id"]
        method = {"restApiId": made, "resourceId": part, "httpMethod": "GET"}
        gateway.put_method(**method, **kind)
        gateway.put_integration(
            **method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
        )
        gateway.put_method_response(**method, statusCode="200")
        gateway.put_integration_response(**method, statusCode="200")
    gateway.create_deployment(restApiId=made, stageName="dev")
    yield Api(f"{emulator.url}/_aws/execute-api/{made}/dev", pool.signed_in(pool.a_user())["IdToken"])
    gateway.delete_rest_api(restApiId=made)


def test_a_public_route_answers_only_who_sends_the_header(api: Api) -> None:
    answers = {sent: api.status("public", referer=sent) for sent in (None, "https://example.com/", SECRET)}

    assert answers == {None: 403, "https://example.com/": 403, SECRET: 200}


def test_a_customers_token_is_not_enough_without_the_header(api: Api) -> None:
    assert api.status("mine", referer=None, authorization=api.token) == 403
    assert api.status("mine", referer=SECRET, authorization=api.token) == 200


def test_the_header_is_not_enough_without_a_customers_token(api: Api) -> None:
    assert api.status("mine", referer=SECRET) == 401


def test_a_call_that_iam_authorizes_needs_no_header(api: Api) -> None:
    scope = "test/20260101/us-east-1/execute-api/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"

    assert api.status("signed", referer=None, authorization=signed) == 200
    assert api.status("signed", referer=SECRET) == 403
