"""What every API of the compiled templates has in common."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from devtools.contracts.handler_import import handler_of
from service_kit.http import NotFound, problem_reply
from stagectl.checkout.routes import routes_of
from stagectl.checkout.yaml_loader import load_mapping
from stagectl.invocation.examples import Examples

from .conftest import ROOT, SERVICES, Compiled


def methods(compiled: dict[str, Compiled]) -> Iterator[tuple[str, dict[str, Any]]]:
    for template in compiled.values():
        for name, method in template.of_type("AWS::ApiGateway::Method").items():
            yield f"{template.service} {name}", method


def test_no_request_is_checked_before_its_handler_sees_it(compiled: dict[str, Compiled]) -> None:
    # A validator of API Gateway's would answer 400 before 403 and 413, and would name no field.
    assert [name for name, method in methods(compiled) if "RequestValidatorId" in method] == []
    assert [stack for stack, it in compiled.items() if it.of_type("AWS::ApiGateway::RequestValidator")] == []


def test_every_api_documents_what_its_bodies_are_like(compiled: dict[str, Compiled]) -> None:
    documented = {
        (name.partition(" ")[0], function_of(method))
        for name, method in methods(compiled)
        if method.get("RequestModels")
    }
    taking_bodies = {
        (service, normalized(key))
        for service in SERVICES
        for document in [load_mapping(ROOT / "services" / service / "serverless.yml")]
        for key in {route.function for route in routes_of(document)}
        if handler_of(document, key).contract.body is not None
    }
    assert taking_bodies  # only-with-example-services
    assert documented == taking_bodies


def test_the_example_of_every_body_is_one_that_the_handler_takes() -> None:
    refused = []
    for service in SERVICES:
        document = load_mapping(ROOT / "services" / service / "serverless.yml")
        for route in routes_of(document):
            body = handler_of(document, route.function).contract.body
            if body is None:
                continue
            openapi = json.loads((ROOT / "services" / service / "openapi.json").read_text("utf-8"))
            example = Examples(ROOT).body(openapi, route.method, route.path)
            try:
                TypeAdapter(body).validate_python(example)
            except ValidationError as error:
                refused.append(f"{route.method} {route.path}: {error}")
    assert refused == [], "give the field an example: Field(examples=[...])"


def function_of(method: dict[str, Any]) -> str:
    """Return the function that a method calls, by the beginning of its logical ID."""
    found = re.search(r'"(\w+)LambdaFunction"', json.dumps(method["Integration"]))
    assert found, "every method with a body calls a function"
    return found.group(1)


def normalized(key: str) -> str:
    """Return a function's key as Serverless has it in logical IDs."""
    return key[0].upper() + key[1:].replace("-", "Dash")


def of_apis(compiled: dict[str, Compiled], answers: set[str]) -> set[str]:
    """Return what APIs answer themselves; nothing where no service has one."""
    return answers if any(stack.of_type("AWS::ApiGateway::RestApi") for stack in compiled.values()) else set()


def test_every_api_is_regional(compiled: dict[str, Compiled]) -> None:
    endpoints = [
        api.get("EndpointConfiguration")
        for template in compiled.values()
        for api in template.of_type("AWS::ApiGateway::RestApi").values()
    ]
    assert endpoints  # only-with-example-services
    assert [endpoint for endpoint in endpoints if endpoint != {"Types": ["REGIONAL"]}] == []


def test_no_stage_pays_for_metrics_of_single_methods(compiled: dict[str, Compiled]) -> None:
    settings = [
        setting
        for template in compiled.values()
        for stage in template.of_type("AWS::ApiGateway::Stage").values()
        for setting in stage["MethodSettings"]
    ]
    assert settings  # only-with-example-services
    assert [setting for setting in settings if setting.get("MetricsEnabled")] == []


# The same in every partition: who a service is when it takes on a role or calls a resource.
PRINCIPAL = re.compile(r"([a-z]+\.)?[a-z-]+[a-z0-9]*\.amazonaws\.com")
OF_ONE_PARTITION = re.compile(r"arn:aws(-[a-z-]+)?:|amazonaws\.com")


def texts(node: Any, *, key: str = "") -> Iterator[str]:
    """Yield every text of a document but the principals of services."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from texts(value, key=name)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, key=key)
    elif isinstance(node, str) and not (
        key in {"Service", "Principal", "iam:PassedToService"} and PRINCIPAL.fullmatch(node)
    ):
        yield node


def test_no_template_names_a_partition_or_its_domain(compiled: dict[str, Compiled]) -> None:
    named = [
        (stack, text)
        for stack, template in compiled.items()
        for text in texts(template.template)
        if OF_ONE_PARTITION.search(text)
    ]
    assert named == []


PRODUCT = [
    *ROOT.glob("services/*/[!.]*/**/*.py"),
    *ROOT.glob("libs/service_kit/service_kit/**/*.py"),
    *ROOT.glob("libs/stagectl/stagectl/**/*.py"),
]
# Published once for the world, in this region of this partition.
ELSEWHERE = {"power_tuning.py": "arn:aws:serverlessrepo:us-east-1:"}


def test_no_program_names_a_partition_or_its_domain() -> None:
    # Principals are in quotes; an audience is whatever the token's issuer was asked for.
    named = [
        (path.name, line.strip())
        for path in PRODUCT
        if not {"testing", "tests"}.intersection(path.parts)
        for line in path.read_text(encoding="utf-8").splitlines()
        if OF_ONE_PARTITION.search(re.sub(f'"{PRINCIPAL.pattern}"', "", line))
        and ELSEWHERE.get(path.name, "\0") not in line
    ]
    assert PRODUCT
    assert named == []


def test_what_api_gateway_answers_itself_has_the_headers_of_handlers(compiled: dict[str, Compiled]) -> None:
    kept = problem_reply(NotFound(), "1")["headers"].items() - {
        # Its keywords are in quotes, as values of gateway responses are.
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    }
    responses = {
        f"{template.service} {response['ResponseType']}": {
            name.removeprefix("gatewayresponse.header.").lower(): value.strip("'")
            for name, value in response["ResponseParameters"].items()
        }
        for template in compiled.values()
        for response in template.of_type("AWS::ApiGateway::GatewayResponse").values()
    }
    answered = {name.partition(" ")[2] for name in responses}
    assert answered >= of_apis(compiled, {"UNAUTHORIZED", "DEFAULT_4XX", "DEFAULT_5XX"})
    assert [name for name, headers in responses.items() if not headers.items() >= kept] == []


# begin only-with-example-services
def test_what_costs_much_for_one_request_has_limits_of_its_own(compiled: dict[str, Compiled]) -> None:
    limited = {
        (template.service, setting["HttpMethod"], setting["ResourcePath"])
        for template in compiled.values()
        for stage in template.of_type("AWS::ApiGateway::Stage").values()
        for setting in stage["MethodSettings"]
        if setting["ResourcePath"] != "/*"
    }
    assert limited >= {
        ("orders", "POST", "/~1orders"),
        ("restaurants", "POST", "/~1restaurants~1search"),
        ("restaurants", "GET", "/~1restaurants~1search"),
        ("restaurants", "POST", "/~1restaurants~1submissions"),
    }


# end only-with-example-services
def test_every_refusal_for_being_too_fast_says_when_to_come_back(compiled: dict[str, Compiled]) -> None:
    refusals = [
        response
        for template in compiled.values()
        for response in template.of_type("AWS::ApiGateway::GatewayResponse").values()
        if response.get("StatusCode") == "429"
    ]
    assert {one["ResponseType"] for one in refusals} == of_apis(compiled, {"THROTTLED", "QUOTA_EXCEEDED"})
    assert all("gatewayresponse.header.Retry-After" in one["ResponseParameters"] for one in refusals)
