"""POST /restaurants/search as most people write it: boto3, Powertools and pydantic, imported at the top."""

import hashlib
import hmac
import json
import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from pydantic import BaseModel, Field, ValidationError

logger = Logger()
metrics = Metrics()
tracer = Tracer()
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])

PREFIX = f"/{os.environ['POWERTOOLS_SERVICE_NAME']}/{os.environ['STAGE']}/search-restaurants"


class SearchRequest(BaseModel):
    """What to search for."""

    theme: str = Field(min_length=1, max_length=60)
    count: int | None = Field(default=None, ge=1, le=50)


class SearchConfig(BaseModel):
    """The dynamic configuration."""

    default_results: int = Field(alias="defaultResults", ge=1)


class Restaurant(BaseModel):
    """One result."""

    name: str
    image: str
    themes: list[str]


def answer(status: int, body: Any) -> dict[str, Any]:
    """Build a proxy response."""
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}


def search(event: dict[str, Any]) -> dict[str, Any]:
    """Return the first restaurants of a theme by name."""
    try:
        request = SearchRequest.model_validate_json(event["body"])
    except ValidationError as error:
        return answer(400, {"errors": error.errors(include_url=False, include_input=False)})
    config = SearchConfig.model_validate(parameters.get_parameter(f"{PREFIX}/config", transform="json"))
    secret = parameters.get_parameter(f"{PREFIX}/secretString", decrypt=True)
    user_id = event["requestContext"]["authorizer"]["claims"]["sub"]
    searcher = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()[:16]
    found = table.query(
        KeyConditionExpression=Key("listing").eq(f"theme#{request.theme.casefold()}"),
        Limit=request.count or config.default_results,
    )["Items"]
    metrics.add_metric(name="Searches", unit=MetricUnit.Count, value=1)
    logger.info("searched", theme=request.theme, results=len(found), searcher=searcher)
    return answer(200, [Restaurant.model_validate(item).model_dump() for item in found])


@logger.inject_lambda_context(correlation_id_path="requestContext.requestId")
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Search, and log how that ended."""
    answered = search(event)
    logger.info("answered", status=answered["statusCode"])
    return answered
