"""POST /restaurants/search with every part of Powertools in reach, as templates for new services have it."""

import hashlib
import hmac
import os
from typing import Annotated, Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import BadRequestError, NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent, event_source
from aws_lambda_powertools.utilities.feature_flags import AppConfigStore, FeatureFlags
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.parser import BaseModel, parse
from aws_lambda_powertools.utilities.parser.models import APIGatewayProxyEventModel, SqsModel
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from pydantic import Field

__all__ = [
    "APIGatewayProxyEvent",
    "APIGatewayProxyEventModel",
    "AppConfigStore",
    "BadRequestError",
    "BatchProcessor",
    "EventType",
    "FeatureFlags",
    "IdempotencyConfig",
    "NotFoundError",
    "SqsModel",
    "event_source",
    "handle",
]

logger = Logger()
metrics = Metrics()
tracer = Tracer()
app = APIGatewayRestResolver(enable_validation=True)
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
idempotency = DynamoDBPersistenceLayer(table_name=os.environ["TABLE_NAME"])

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


@app.post("/restaurants/search")
@tracer.capture_method
def search(request: Annotated[SearchRequest, Body()]) -> list[Restaurant]:
    """Return the first restaurants of a theme by name."""
    config = parse(parameters.get_parameter(f"{PREFIX}/config", transform="json"), model=SearchConfig)
    secret = parameters.get_parameter(f"{PREFIX}/secretString", decrypt=True)
    user_id = app.current_event.raw_event["requestContext"]["authorizer"]["claims"]["sub"]
    searcher = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()[:16]
    found = table.query(
        KeyConditionExpression=Key("listing").eq(f"theme#{request.theme.casefold()}"),
        Limit=request.count or config.default_results,
    )["Items"]
    metrics.add_metric(name="Searches", unit=MetricUnit.Count, value=1)
    logger.info("searched", theme=request.theme, results=len(found), searcher=searcher)
    return [Restaurant.model_validate(item) for item in found]


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Let the resolver find the route, and log how that ended."""
    answered = app.resolve(event, context)
    logger.info("answered", status=answered["statusCode"])
    return answered
