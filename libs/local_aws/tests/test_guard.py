"""Pages of other origins do not drive the emulator."""

import http.client
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from stagectl.targets.emulator import Emulator

Client = Callable[..., Any]
CREATE_QUEUE = json.dumps({"QueueName": "made-by-a-page"})
KEY = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
FUNCTIONS = "/2015-03-31/functions/"
FOREIGN = [
    "http://localhost:4799",
    "http://127.0.0.1:80",
    "https://evil.example",
    "null",
    "file://",
    "http://[::1]:{port}",
]
FOREIGN += ["http://127.0.0.1:{port}.evil.example", "http://evil.example:{port}", "http://a.localhost:{port}"]


def ask(
    emulator: Emulator,
    method: str = "POST",
    path: str = "/",
    body: str = CREATE_QUEUE,
    **headers: str,
) -> http.client.HTTPResponse:
    """Send a request as a browser does; header names are written with underscores."""
    given = {name.replace("_", "-"): value.format(port=emulator.port) for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=10)
    connection.request(method, path, body, given)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def create_queue(emulator: Emulator, **headers: str) -> int:
    return ask(emulator, X_Amz_Target="AmazonSQS.CreateQueue", Authorization=KEY, **headers).status


def test_a_program_names_no_origin_and_is_served(emulator: Emulator) -> None:
    assert create_queue(emulator) == 200


def test_a_page_of_a_distribution_is_of_the_emulator_itself(emulator: Emulator) -> None:
    assert create_queue(emulator, Origin="http://d123abc.cloudfront.localhost:{port}") == 200
    assert create_queue(emulator, Origin="http://d123abc.cloudfront.localhost:4799") == 403


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_origin_calls_no_service(emulator: Emulator, origin: str) -> None:
    assert create_queue(emulator, Origin=origin) == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_ministack/reset"),
        ("POST", "/_ministack/config"),
        ("GET", "/_ministack/permissions-in-use"),
        ("GET", "/_ministack/sqs/messages"),
        ("GET", "/_ministack/health"),
        ("POST", FUNCTIONS),
        ("POST", f"{FUNCTIONS}orders-local-place-order/invocations"),
        ("GET", "/any-bucket/any-key"),
        ("GET", f"/?Action=ListTopics&X-Amz-Credential={quote('test/20260101/us-east-1/sns/aws4_request')}"),
        ("POST", "/_aws/execute-api/"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:4799"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Referer": "http://localhost:4799/page"},
        {"Host": "evil.example:{port}"},
    ],
    ids=str,
)
def test_a_page_of_another_origin_reaches_nothing_else(
    emulator: Emulator, method: str, path: str, headers: dict[str, str]
) -> None:
    assert ask(emulator, method, path, "", **headers).status == 403


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_form_of_another_origin_is_refused(emulator: Emulator, content_type: str) -> None:
    answer = ask(
        emulator,
        body="Action=CreateTopic&Name=made-by-a-form",
        Content_Type=content_type,
        Origin="http://localhost:4799",
    )

    assert answer.status == 403


def test_a_preflight_of_another_origin_is_granted_nothing(emulator: Emulator) -> None:
    answer = ask(
        emulator,
        "OPTIONS",
        body="",
        Origin="http://localhost:4799",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="x-amz-target,authorization",
    )

    assert answer.status == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "evil.example", "localhost.evil.example:{port}", "169.254.169.254"]
)
def test_a_host_that_is_not_this_machine_is_refused(emulator: Emulator, host: str) -> None:
    assert create_queue(emulator, Host=host) == 403
    assert create_queue(emulator, Host=host, Origin=f"http://{host}") == 403


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_names_of_this_machine_are_served(emulator: Emulator, host: str) -> None:
    assert create_queue(emulator, Host=host) == 200


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "http://localhost:{port}"])
def test_a_page_of_the_emulator_itself_calls_cognito(emulator: Emulator, aws: Client, origin: str) -> None:
    pool = aws("cognito-idp").create_user_pool(PoolName=uuid.uuid4().hex)["UserPool"]["Id"]
    client = aws("cognito-idp").create_user_pool_client(UserPoolId=pool, ClientName="web")["UserPoolClient"]
    sign_up = {"ClientId": client["ClientId"], "Username": uuid.uuid4().hex, "Password": "Aa1!aaaa"}

    answer = ask(
        emulator,
        body=json.dumps(sign_up),
        X_Amz_Target="AWSCognitoIdentityProviderService.SignUp",
        Content_Type="application/x-amz-json-1.1",
        Origin=origin,
        Sec_Fetch_Site="cross-site" if "localhost" in origin else "same-origin",
    )

    assert answer.status == 200


@pytest.mark.parametrize("path", ["/_aws/execute-api/../../_ministack/reset", "/_aws/execute-api/none/test"])
def test_the_path_of_an_api_leads_a_page_to_no_service(emulator: Emulator, aws: Client, path: str) -> None:
    answer = ask(
        emulator,
        path=path,
        X_Amz_Target="AmazonSQS.CreateQueue",
        Authorization=KEY,
        Origin="http://localhost:4799",
        body=json.dumps({"QueueName": "made-by-an-api"}),
    )

    assert answer.status in {403, 404}
    assert not aws("sqs").list_queues(QueueNamePrefix="made-by-an-api").get("QueueUrls")


def test_the_apis_of_the_product_answer_pages_of_any_origin_as_on_aws(
    emulator: Emulator, aws: Client
) -> None:
    gateway = aws("apigateway")
    api = gateway.create_rest_api(name=uuid.uuid4().hex)["id"]
    (root,) = gateway.get_resources(restApiId=api)["items"]
    place = {"restApiId": api, "resourceId": root["id"], "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_method_response(**place, statusCode="200")
    gateway.put_integration(
        **place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    gateway.put_integration_response(**place, statusCode="200")
    gateway.create_deployment(restApiId=api, stageName="test")

    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert ask(emulator, "GET", f"/_aws/execute-api/{api}/test/", "", **headers).status == 200
