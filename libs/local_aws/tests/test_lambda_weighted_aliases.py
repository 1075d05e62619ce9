"""https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html"""

import io
import json
import time
import urllib.request
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stagectl.targets.emulator import Emulator

Aws = Callable[..., Any]
ALIAS = "live"
PATIENCE_SECONDS = 30
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def archive(answer: str) -> bytes:
    content = io.BytesIO()
    source = (
        "def handle(event, context):\n"
        f"    print('says {answer}')\n"
        f"    return {{'statusCode': 200, 'body': '{answer}'}}\n"
    )
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr("shop.py", source)
    return content.getvalue()


@pytest.fixture(scope="module")
def shop(aws: Aws) -> str:
    """Return the name of a function whose versions answer `one` and `two`; its alias points to the first."""
    name, functions = f"function-{uuid.uuid4().hex}", aws("lambda")
    policy = {"Version": "2012-10-17", "Statement": [TRUST]}
    role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(policy))["Role"]["Arn"]
    aws("iam").put_role_policy(
        RoleName=name,
        PolicyName="its",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [ALLOW_ALL]}),
    )
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="shop.handle",
        Code={"ZipFile": archive("one")},
        Publish=True,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    functions.update_function_code(FunctionName=name, ZipFile=archive("two"), Publish=True)
    functions.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="1")
    return name


def weigh(aws: Aws, shop: str, weight: float) -> None:
    weights = {"2": weight} if weight else {}
    aws("lambda").update_alias(
        FunctionName=shop, Name=ALIAS, RoutingConfig={"AdditionalVersionWeights": weights}
    )


def answers(aws: Aws, shop: str, count: int) -> Counter[str]:
    invocations = (aws("lambda").invoke(FunctionName=shop, Qualifier=ALIAS) for _ in range(count))
    return Counter(json.load(one["Payload"])["body"] for one in invocations)


@pytest.mark.parametrize(("weight", "expected"), [(0.0, {"one": 10}), (1.0, {"two": 10})])
def test_a_weight_of_none_or_all_sends_every_invocation_to_one_version(
    aws: Aws, shop: str, weight: float, expected: dict[str, int]
) -> None:
    weigh(aws, shop, weight)

    assert answers(aws, shop, 10) == expected


def test_a_tenth_of_the_weight_gets_about_a_tenth_of_the_invocations(aws: Aws, shop: str) -> None:
    weigh(aws, shop, 0.1)

    got = answers(aws, shop, 300)

    # Outside of this once in a million runs.
    assert 8 <= got["two"] <= 62
    assert got.total() == 300


def test_an_api_sends_requests_to_both_versions(aws: Aws, shop: str, emulator: Emulator) -> None:
    weigh(aws, shop, 0.5)
    apis = aws("apigateway")
    api = apis.create_rest_api(name=shop)["id"]
    (root,) = apis.get_resources(restApiId=api)["items"]
    at = {"restApiId": api, "resourceId": root["id"], "httpMethod": "GET"}
    apis.put_method(**at, authorizationType="NONE")
    function = f"arn:aws:lambda:us-east-1:000000000000:function:{shop}:{ALIAS}"
    apis.put_integration(
        **at,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations",
    )
    aws("lambda").add_permission(
        FunctionName=shop,
        Qualifier=ALIAS,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    apis.create_deployment(restApiId=api, stageName="x")

    def get() -> str:
        with urllib.request.urlopen(f"{emulator.url}/_aws/execute-api/{api}/x/") as response:  # noqa: S310
            return str(response.read().decode())

    assert {get() for _ in range(40)} == {"one", "two"}


def test_a_queue_sends_batches_to_both_versions(aws: Aws, shop: str) -> None:
    weigh(aws, shop, 0.5)
    queue = aws("sqs").create_queue(QueueName=shop)["QueueUrl"]
    logs = aws("logs")
    before = len(logs.filter_log_events(logGroupName=f"/aws/lambda/{shop}")["events"])
    mapping = aws("lambda").create_event_source_mapping(
        EventSourceArn=f"arn:aws:sqs:us-east-1:000000000000:{shop}",
        FunctionName=f"{shop}:{ALIAS}",
        BatchSize=1,
    )
    for _ in range(40):
        aws("sqs").send_message(QueueUrl=queue, MessageBody="hungry")

    def said() -> set[str]:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{shop}")["events"][before:]
        return {one for one in ("one", "two") for event in events if f"says {one}" in event["message"]}

    deadline = time.monotonic() + PATIENCE_SECONDS
    while said() != {"one", "two"} and time.monotonic() < deadline:
        time.sleep(0.2)
    aws("lambda").delete_event_source_mapping(UUID=mapping["UUID"])
    assert said() == {"one", "two"}


def test_the_alias_itself_is_described_by_its_first_version(aws: Aws, shop: str) -> None:
    weigh(aws, shop, 1.0)

    described = aws("lambda").get_function_configuration(FunctionName=shop, Qualifier=ALIAS)

    assert described["Version"] == "1"


@pytest.mark.parametrize(
    ("version", "weights"),
    [
        ("1", {"2": 1.1}),
        ("1", {"1": 0.5}),
        ("1", {"3": 0.5}),
        ("$LATEST", {"2": 0.5}),
        ("1", {"1": 0.1, "2": 0.1}),
    ],
)
def test_weights_that_lambda_would_refuse_are_refused(
    aws: Aws, shop: str, version: str, weights: dict[str, float]
) -> None:
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        aws("lambda").update_alias(
            FunctionName=shop,
            Name=ALIAS,
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": weights},
        )
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        aws("lambda").create_alias(
            FunctionName=shop,
            Name=f"{ALIAS}-2",
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": weights},
        )
