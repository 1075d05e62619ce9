"""Chains around the same handler in Python, called in process: prints nanoseconds of CPU time per invocation.

    python python_chains.py CHAIN WARM-UP INVOCATIONS < EVENTS

Runs in a process of its own for each chain. The figure goes to standard error, what the chain writes to
standard output.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Annotated, Any, cast

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

RESTAURANTS = [
    {"name": name, "image": f"https://example.com/assets/{number}.svg", "themes": ["cartoon", "rainbow"]}
    for number, name in enumerate(["Fangtasia", "Freddy's BBQ Joint", "Pizza Planet", "Shinra"], 1)
]
CONFIG = '{"defaultResults": 4}'
CONTEXT = SimpleNamespace(
    aws_request_id="8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    function_name="restaurants-local-search-restaurants",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:search-restaurants",
)


def bare() -> Handler:
    """Parse and write JSON, and nothing else."""

    def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        body = json.loads(event["body"])
        if "theme" not in body:
            return {"statusCode": 400, "headers": {"content-type": "application/json"}, "body": "{}"}
        found = RESTAURANTS[: body.get("count", 4)]
        return {
            "statusCode": 200,
            "headers": {"content-type": "application/json"},
            "body": json.dumps(found),
        }

    return handle


def service_kit() -> Handler:
    """Build the chain of `service_kit.http`; LOG_LEVEL says whether it logs and counts."""
    from pydantic import BaseModel, Field
    from service_kit.http import http_handler
    from service_kit.invocation import metrics
    from service_kit.parameters import Config
    from service_kit.signature import Argument, ParameterSource, Signature

    class SearchRequest(BaseModel):
        theme: str = Field(min_length=1, max_length=60)
        count: int | None = Field(default=None, ge=1, le=50)

    class SearchConfig(BaseModel):
        default_results: int = Field(default=8, alias="defaultResults", ge=1)

    class Restaurant(BaseModel):
        name: str
        image: str
        themes: list[str]

    class FromFakeSsm(ParameterSource):
        """What `FromParameter` makes, but without AWS."""

        def parameter(self, signature: Signature, argument: Argument) -> Config[Any]:
            return Config(
                argument.type,
                function=signature.function,
                fetch=lambda _path, _decrypt: CONFIG,
                max_age_seconds=3600,
            )

    is_counting = os.environ["LOG_LEVEL"] == "INFO"

    def handle(body: SearchRequest, config: Annotated[SearchConfig, FromFakeSsm()]) -> list[Restaurant]:
        found = RESTAURANTS[: body.count or config.default_results]
        if is_counting:
            metrics.add_metric(name="Searches", unit="Count", value=1)
        return cast("list[Restaurant]", found)

    return http_handler()(handle)


def powertools_decorators() -> Handler:
    """Build what Powertools' decorators and parameters make, with pydantic by hand."""
    from aws_lambda_powertools.utilities.parameters import SSMProvider
    from pydantic import BaseModel, Field, TypeAdapter, ValidationError

    class SearchRequest(BaseModel):
        theme: str = Field(min_length=1, max_length=60)
        count: int | None = Field(default=None, ge=1, le=50)

    class SearchConfig(BaseModel):
        default_results: int = Field(default=8, alias="defaultResults", ge=1)

    class Restaurant(BaseModel):
        name: str
        image: str
        themes: list[str]

    answers = TypeAdapter(list[Restaurant])
    provider = SSMProvider(boto3_client=cast("Any", _FakeSsm()))
    is_logging = os.environ["LOG_LEVEL"] == "INFO"

    def search(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        headers = {"content-type": "application/json"}
        try:
            request = SearchRequest.model_validate_json(event["body"])
        except ValidationError as error:
            problem = json.dumps({"errors": error.errors(include_url=False, include_input=False)})
            return {"statusCode": 400, "headers": headers, "body": problem}
        config = SearchConfig.model_validate(provider.get("/config", transform="json", max_age=3600))
        found = answers.validate_python(RESTAURANTS[: request.count or config.default_results])
        return {"statusCode": 200, "headers": headers, "body": answers.dump_json(found).decode()}

    return _with_powertools_reports(search) if is_logging else search


def powertools_resolver() -> Handler:
    """Build what Powertools' resolver makes, which validates requests and answers by itself."""
    from aws_lambda_powertools.event_handler import APIGatewayRestResolver
    from aws_lambda_powertools.utilities.parameters import SSMProvider
    from pydantic import BaseModel, Field

    class SearchRequest(BaseModel):
        theme: str = Field(min_length=1, max_length=60)
        count: int | None = Field(default=None, ge=1, le=50)

    class SearchConfig(BaseModel):
        default_results: int = Field(default=8, alias="defaultResults", ge=1)

    class Restaurant(BaseModel):
        name: str
        image: str
        themes: list[str]

    app = APIGatewayRestResolver(enable_validation=True)
    provider = SSMProvider(boto3_client=cast("Any", _FakeSsm()))

    @app.post("/restaurants/search")
    def search(request: SearchRequest) -> list[Restaurant]:
        config = SearchConfig.model_validate(provider.get("/config", transform="json", max_age=3600))
        found = RESTAURANTS[: request.count or config.default_results]
        return [Restaurant.model_validate(restaurant) for restaurant in found]

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        return app.resolve(event, context)

    return _with_powertools_reports(handle) if os.environ["LOG_LEVEL"] == "INFO" else handle


CHAINS: dict[str, Callable[[], Handler]] = {
    "bare": bare,
    "service_kit": service_kit,
    "powertools_decorators": powertools_decorators,
    "powertools_resolver": powertools_resolver,
}


class _FakeSsm:
    """Answers without AWS; asked once, since the value is kept."""

    def get_parameter(self, **_: Any) -> dict[str, Any]:
        return {"Parameter": {"Value": CONFIG}}


def _with_powertools_reports(handle: Handler) -> Handler:
    from aws_lambda_powertools.logging import Logger
    from aws_lambda_powertools.metrics import Metrics

    logger, metrics = Logger(), Metrics()

    @logger.inject_lambda_context(correlation_id_path="requestContext.requestId", clear_state=True)
    @metrics.log_metrics
    def reported(event: dict[str, Any], context: Any) -> dict[str, Any]:
        metrics.add_metric(name="Searches", unit="Count", value=1)
        answered = handle(event, context)
        logger.info("answered", status=answered["statusCode"])
        return answered

    made: Handler = reported
    return made


def main() -> None:
    """Call the chain and print what one invocation takes."""
    handle = CHAINS[sys.argv[1]]()
    good, bad = json.load(sys.stdin)
    events = [bad, *[good] * 9]
    warm_up, invocations = map(int, sys.argv[2:])
    # One in ten requests does not fit, so that refusing is part of what is measured.
    for number in range(warm_up):
        handle(events[number % 10], CONTEXT)
    if handle(bad, CONTEXT)["statusCode"] not in {400, 422} or handle(good, CONTEXT)["statusCode"] != 200:
        raise SystemExit(f"{sys.argv[1]} answers wrongly")
    since = time.process_time_ns()
    for number in range(invocations):
        handle(events[number % 10], CONTEXT)
    sys.stderr.write(f"{(time.process_time_ns() - since) / invocations}\n")


if __name__ == "__main__":
    main()
