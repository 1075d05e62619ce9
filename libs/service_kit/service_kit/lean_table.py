"""A DynamoDB table without boto3's resources, with their conversions: plain values in, plain values out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.transform import TransformationInjector, copy_dynamodb_params

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb.client import DynamoDBClient

__all__ = ["LeanTable", "with_plain_values"]


@dataclass(frozen=True, slots=True)
class _Meta:
    client: DynamoDBClient


class LeanTable:
    """Behaves as the `Table` of boto3's resource, as far as single tables are read and written.

    Resources are made of a document that describes them, with classes that are written at run time: 6 ms.

    Args:
        name: The table's name or ARN.
        client: A client that was given to `with_plain_values`.
    """

    def __init__(self, name: str, client: DynamoDBClient) -> None:
        self.name = name
        self.meta = _Meta(client)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """Give an operation of the client, such as `get_item` or `query`, on this table."""
        return partial(getattr(self.meta.client, operation), TableName=self.name)


def with_plain_values(client: DynamoDBClient) -> DynamoDBClient:
    """Let a client take conditions and plain values and give plain values, as boto3's resources do."""
    injector = TransformationInjector()
    events = client.meta.events
    events.register("provide-client-params.dynamodb", copy_dynamodb_params)
    events.register("before-parameter-build.dynamodb", injector.inject_condition_expressions)
    events.register("before-parameter-build.dynamodb", injector.inject_attribute_value_input)
    events.register("after-call.dynamodb", injector.inject_attribute_value_output)
    return client
