"""What API Gateway does around a function, of which MiniStack does less."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import requests

from stagectl.aws import region
from stagectl.targets import emulator_environment
from stagectl.targets.emulator import Emulator

# Answers with its event, or as the body says.
FUNCTION = """
import json, time
def handle(event, context):
    wish = json.loads(event["body"]) if (event.get("body") or "").startswith('{"wish"') else {}
    wish = wish.get("wish", {})
    time.sleep(wish.get("sleeps", 0))
    if "raises" in wish:
        raise ValueError(wish["raises"])
    if "long" in wish:
        return {"statusCode": 200, "body": "x" * wish["long"]}
    return wish.get("answer", {"statusCode": 200, "body": json.dumps(event)})
"""
MODEL = {"type": "object", "required": ["wish"], "properties": {"wish": {"type": "object"}}}
HEADER = {"gatewayresponse.header.X-Made-By": "'gateway'"}
STACK = "api-under-test"
COMPRESSED_BYTES = 200


def proxy(method: str, resource: Any, **properties: Any) -> dict[str, Any]:
    """Declare a method that the function answers."""
    limit = {"TimeoutInMillis": properties.pop("limit")} if "limit" in properties else {}
    return {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResourceId": resource,
            "HttpMethod": method,
            "AuthorizationType": "NONE",
            "Integration": {
                "Type": "AWS_PROXY",
                "IntegrationHttpMethod": "POST",
                "Uri": {
                    "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
                    "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}/invocations"
                },
                **limit,
            },
            **properties,
        },
    }


def resource(part: str, parent: Any = None) -> dict[str, Any]:
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    return {
        "Type": "AWS::ApiGateway::Resource",
        "Properties": {"RestApiId": {"Ref": "Api"}, "ParentId": parent or root, "PathPart": part},
    }


def template(*, validates: bool) -> str:
    validator = {"RequestValidatorId": {"Ref": "Validator"}} if validates else {}
    methods = {
        "PostChecked": proxy(
            "POST",
            {"Ref": "Checked"},
            RequestModels={"application/json": {"Ref": "Model"}},
            RequestParameters={"method.request.header.x-needed": True},
            **validator,
        ),
        "AnyThing": proxy("ANY", {"Ref": "Thing"}),
        "PostQuick": proxy("POST", {"Ref": "Quick"}, limit=500),
        "GetMine": proxy(
            "GET",
            {"Ref": "Mine"},
            AuthorizationType="COGNITO_USER_POOLS",
            AuthorizerId={"Ref": "Customers"},
        ),
    }
    resources = {
        "Api": {
            "Type": "AWS::ApiGateway::RestApi",
            "Properties": {"Name": STACK, "MinimumCompressionSize": COMPRESSED_BYTES},
        },
        "Checked": resource("checked"),
        "Quick": resource("quick"),
        "Mine": resource("mine"),
        "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": STACK}},
        "Client": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {
                "UserPoolId": {"Ref": "Pool"},
                "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
            },
        },
        "Customers": {
            "Type": "AWS::ApiGateway::Authorizer",
            "Properties": {
                "Name": "customers",
                "Type": "COGNITO_USER_POOLS",
                "RestApiId": {"Ref": "Api"},
                "IdentitySource": "method.request.header.Authorization",
                "ProviderARNs": [{"Fn::GetAtt": ["Pool", "Arn"]}],
            },
        },
        "Things": resource("things"),
        "Thing": resource("{name}", {"Ref": "Things"}),
        "Model": {
            "Type": "AWS::ApiGateway::Model",
            "Properties": {"RestApiId": {"Ref": "Api"}, "ContentType": "application/json", "Schema": MODEL},
        },
        "Validator": {
            "Type": "AWS::ApiGateway::RequestValidator",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "ValidateRequestBody": True,
                "ValidateRequestParameters": True,
            },
        },
        "ServerError": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "ResponseType": "DEFAULT_5XX",
                "ResponseParameters": HEADER,
                "ResponseTemplates": {"application/json": '{"detail": "ours"}'},
            },
        },
        **methods,
        "Deployment": {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": [*methods, "ServerError"],
            "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "test"},
        },
    }
    return json.dumps(
        {
            "Parameters": {"FunctionName": {"Type": "String"}},
            "Resources": resources,
            "Outputs": {name: {"Value": {"Ref": name}} for name in ("Api", "Pool", "Client")},
        }
    )


@dataclass(frozen=True)
class Api:
    """An API of the emulator whose methods call the function above."""

    url: str

    def send(self, method: str, path: str, **request: Any) -> requests.Response:
        return requests.request(method, f"{self.url}{path}", timeout=60, **request)

    def asked_for(
        self, path: str = "/things/one", *, accept_encoding: str = "identity", **wish: Any
    ) -> requests.Response:
        headers = {"x-needed": "yes", "accept-encoding": accept_encoding}
        return self.send("POST", path, json={"wish": wish}, headers=headers)


def session(emulator: Emulator) -> boto3.Session:
    key = emulator_environment.ROOT_ACCESS_KEY
    return boto3.Session(key, key, region_name=region.LOCAL)


def client(emulator: Emulator, service: str) -> Any:
    return session(emulator).client(service, endpoint_url=emulator_environment.url(emulator.port))  # type: ignore[call-overload]


def settled(cloudformation: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, stack
            return stack
        time.sleep(0.05)
    raise AssertionError("the stack has not settled")


def output(emulator: Emulator, name: str) -> str:
    stack = client(emulator, "cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    return str(next(found["OutputValue"] for found in stack["Outputs"] if found["OutputKey"] == name))


@pytest.fixture(scope="module")
def tokens(api: Api, emulator: Emulator) -> dict[str, str]:
    cognito = client(emulator, "cognito-idp")
    pool = output(emulator, "Pool")
    cognito.admin_create_user(UserPoolId=pool, Username="ann", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username="ann", Password="Aa1!aaaaaa", Permanent=True)
    result: dict[str, str] = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=output(emulator, "Client"),
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": "Aa1!aaaaaa"},
    )["AuthenticationResult"]
    return result


@pytest.fixture(scope="module")
def function(emulator: Emulator) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("echo.py", FUNCTION)
    role = client(emulator, "iam").create_role(
        RoleName="echo",
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    )["Role"]["Arn"]
    client(emulator, "lambda").create_function(
        FunctionName="echo",
        Runtime="python3.13",
        Role=role,
        Handler="echo.handle",
        Timeout=30,
        Code={"ZipFile": archive.getvalue()},
    )
    return "echo"


@pytest.fixture(scope="module")
def api(emulator: Emulator, function: str) -> Iterator[Api]:
    cloudformation = client(emulator, "cloudformation")
    parameters = [{"ParameterKey": "FunctionName", "ParameterValue": function}]
    cloudformation.create_stack(StackName=STACK, TemplateBody=template(validates=True), Parameters=parameters)
    settled(cloudformation)
    yield Api(f"{emulator_environment.url(emulator.port)}/_aws/execute-api/{output(emulator, 'Api')}/test")
    cloudformation.delete_stack(StackName=STACK)


def test_a_request_validator_refuses_a_body_before_the_function_sees_it(api: Api) -> None:
    answer = api.send("POST", "/checked", json={"wish": 5}, headers={"x-needed": "yes"})

    assert (answer.status_code, answer.json()) == (400, {"message": "Invalid request body"})


def test_a_request_validator_refuses_a_missing_parameter(api: Api) -> None:
    answer = api.send("POST", "/checked", json={"wish": {}})

    assert answer.status_code == 400
    assert "x-needed" in answer.json()["message"]


def test_a_request_validator_lets_pass_what_fits(api: Api) -> None:
    assert api.asked_for("/checked").status_code == 200


def test_a_method_whose_validator_is_taken_away_validates_no_longer(api: Api, emulator: Emulator) -> None:
    cloudformation = client(emulator, "cloudformation")
    parameters = [{"ParameterKey": "FunctionName", "ParameterValue": "echo"}]
    try:
        cloudformation.update_stack(
            StackName=STACK, TemplateBody=template(validates=False), Parameters=parameters
        )
        settled(cloudformation)

        assert api.send("POST", "/checked", json={}).status_code == 200
    finally:
        cloudformation.update_stack(
            StackName=STACK, TemplateBody=template(validates=True), Parameters=parameters
        )
        settled(cloudformation)
    assert api.send("POST", "/checked", json={}).status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        *("WWW-Authenticate", "www-authenticate", "Authorization", "Connection", "Content-MD5", "Date"),
        *("Max-Forwards", "Server", "User-Agent"),
    ],
)
def test_a_header_of_a_proxy_integration_is_remapped(api: Api, name: str) -> None:
    headers = api.asked_for(answer={"statusCode": 401, "headers": {name: "mine"}}).headers

    assert headers.get(f"x-amzn-Remapped-{name}") == "mine"
    assert headers.get(name) != "mine"


@pytest.mark.parametrize("name", ["Expect", "Proxy-Authenticate", "TE", "Trailer", "Upgrade", "Via"])
def test_a_header_of_a_proxy_integration_is_dropped(api: Api, name: str) -> None:
    headers = api.asked_for(answer={"statusCode": 200, "headers": {name: "mine"}}).headers

    assert "mine" not in headers.values()


@pytest.mark.parametrize("name", ["ETag", "Cache-Control", "Retry-After", "Location", "x-request-id"])
def test_other_headers_of_a_proxy_integration_pass(api: Api, name: str) -> None:
    headers = api.asked_for(answer={"statusCode": 200, "headers": {name: "mine"}}).headers

    assert headers[name] == "mine"


def test_several_values_of_a_header_pass_as_several(api: Api) -> None:
    cookies = {"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}}

    assert api.asked_for(answer=cookies).raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1, GZIP;q=0.5"])
def test_a_long_answer_is_compressed_for_who_accepts_gzip(api: Api, accepted: str) -> None:
    answer = api.asked_for(long=COMPRESSED_BYTES, accept_encoding=accepted)

    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < COMPRESSED_BYTES
    assert answer.text == "x" * COMPRESSED_BYTES


@pytest.mark.parametrize("accepted", ["identity", "", "br", "gzip;q=0", "gzip;q=0.0, br", "xgzip"])
def test_a_long_answer_is_sent_plain_to_who_does_not_accept_gzip(api: Api, accepted: str) -> None:
    answer = api.asked_for(long=COMPRESSED_BYTES, accept_encoding=accepted)

    assert "content-encoding" not in answer.headers
    assert answer.text == "x" * COMPRESSED_BYTES


def test_an_answer_below_the_minimum_compression_size_is_sent_plain(api: Api) -> None:
    answer = api.asked_for(long=COMPRESSED_BYTES - 1, accept_encoding="gzip")

    assert "content-encoding" not in answer.headers


def test_an_answer_that_is_encoded_already_is_not_compressed_again(api: Api) -> None:
    encoded = {"statusCode": 200, "headers": {"content-encoding": "identity"}, "body": "x" * COMPRESSED_BYTES}

    assert api.asked_for(answer=encoded, accept_encoding="gzip").headers["content-encoding"] == "identity"


@pytest.mark.parametrize("name", ["content-md5", "expect", "max-forwards", "te", "www-authenticate"])
def test_a_header_of_a_request_does_not_reach_the_function(api: Api, name: str) -> None:
    headers = api.send("GET", "/things/one", headers={name: "", "x-mine": "1"}).json()["headers"]

    assert name not in {given.lower() for given in headers}
    assert headers["x-mine"] == "1"


@pytest.mark.parametrize(
    "segment", ["a%20b", "caf%C3%A9", "%2E%2E", "100%25", "%2520", "a%2Fb", "a+b", "%F0%9F%8D%94", "%FF"]
)
def test_a_path_parameter_arrives_percent_encoded_as_it_was_sent(api: Api, segment: str) -> None:
    # A prepared request is not encoded again.
    request = requests.Request("GET", f"{api.url}/things/x").prepare()
    request.url = f"{api.url}/things/{segment}"
    event = requests.Session().send(request, timeout=60).json()

    assert event["pathParameters"] == {"name": segment}
    assert event["path"] == f"/things/{segment}"


def test_of_several_values_of_a_query_parameter_the_last_one_stands_alone(api: Api) -> None:
    event = api.send("GET", "/things/one?a=1&a=2&b=caf%C3%A9&c=").json()

    assert event["queryStringParameters"] == {"a": "2", "b": "café", "c": ""}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["café"], "c": [""]}


@pytest.mark.parametrize("length", [10 * 1024 * 1024 + 1, 7 * 1024 * 1024])
def test_a_payload_over_the_limits_is_answered_413(api: Api, length: int) -> None:
    assert api.send("POST", "/things/one", data=b"x" * length).status_code == 413


def test_a_long_payload_within_the_limits_passes(api: Api) -> None:
    answer = api.send("PUT", "/things/one", data=b"x" * 2_000_000)

    assert len(answer.json()["body"]) == 2_000_000


def test_an_integration_over_its_time_is_answered_504(api: Api) -> None:
    answer = api.asked_for("/quick", sleeps=3)

    assert (answer.status_code, answer.headers["x-made-by"]) == (504, "gateway")


@pytest.mark.parametrize(
    "wish",
    [
        {"raises": "a secret"},
        {"answer": None},
        {"answer": "text"},
        {"answer": ["list"]},
        {"answer": {"statusCode": 200, "cookies": []}},
        {"answer": {"statusCode": "none"}},
        {"answer": {"statusCode": 99}},
        {"answer": {"statusCode": 200, "body": {"not": "text"}}},
        {"answer": {"statusCode": 200, "headers": {"x": ["list"]}}},
        {"answer": {"statusCode": 200, "headers": {"bad name": "1"}}},
        {"answer": {"statusCode": 200, "headers": {"x": "two\r\nlines"}}},
        {"long": 6 * 1024 * 1024 + 1},
    ],
    ids=lambda wish: json.dumps(wish)[:50],
)
def test_a_malformed_proxy_answer_is_answered_502_without_its_words(api: Api, wish: dict[str, Any]) -> None:
    answer = api.asked_for(**wish)

    assert (answer.status_code, answer.json()) == (502, {"detail": "ours"})
    assert answer.headers["x-made-by"] == "gateway"


def test_a_well_formed_answer_may_leave_things_out_and_have_numbers(api: Api) -> None:
    answer = api.asked_for(answer={"statusCode": "204", "headers": {"x-count": 5, "x-is": True}})

    assert (answer.status_code, answer.headers["x-count"]) == (204, "5")


@pytest.mark.parametrize(("kind", "status"), [("IdToken", 200), ("AccessToken", 401)])
def test_a_cognito_authorizer_without_scopes_takes_id_tokens_alone(
    api: Api, tokens: dict[str, str], kind: str, status: int
) -> None:
    assert api.send("GET", "/mine", headers={"authorization": tokens[kind]}).status_code == status
