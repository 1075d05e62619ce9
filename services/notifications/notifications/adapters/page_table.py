"""The DynamoDB table of pages: one item for each page and audience, which DynamoDB expires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boto3.dynamodb.conditions import Attr, Key

from service_kit.aws import table
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Collection

    from mypy_boto3_dynamodb.service_resource import Table


class PageTable:
    """The pages that are told of changes, kept in DynamoDB.

    A page's name begins with its person's audience, in which it has an item from its ticket on. Once it is
    connected, it has one in each other audience too.
    """

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        at_start(lambda: self._table)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def expiries(self, person: str) -> dict[str, int]:
        """Return when each of a person's pages expires, in seconds since the epoch."""
        found = self._table.query(KeyConditionExpression=Key("audience").eq(person), ConsistentRead=True)
        return {str(item["page"]): int(str(item["expiresAt"])) for item in found["Items"]}

    def expect(
        self, page: str, *, secret_hash: str, audiences: Collection[str], usable_until: int, expires_at: int
    ) -> None:
        """Let a page connect with this secret, in place of what was known of that page."""
        self._table.put_item(
            Item=_key(page)
            | {
                "secretHash": secret_hash,
                "audiences": list(audiences),
                "usableUntil": usable_until,
                "expiresAt": expires_at,
            }
        )

    def connect(self, page: str, *, secret_hash: str, connection_id: str, now: int) -> bool:
        """Note the connection of a page; False when no page is expected with that secret now."""
        try:
            answer = self._table.update_item(
                Key=_key(page),
                UpdateExpression="SET connectionId = :connection REMOVE secretHash, usableUntil",
                ConditionExpression="secretHash = :secret AND usableUntil > :now",
                ExpressionAttributeValues={":connection": connection_id, ":secret": secret_hash, ":now": now},
                ReturnValues="ALL_NEW",
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        connected = answer["Attributes"]
        for audience in connected["audiences"]:  # type: ignore[union-attr]
            self._table.put_item(
                Item={
                    "audience": audience,
                    "page": page,
                    "connectionId": connection_id,
                    "expiresAt": connected["expiresAt"],
                }
            )
        return True

    def connections(self, audience: str, now: int) -> list[str]:
        """Return the connections of an audience's pages."""
        found = self._table.query(
            KeyConditionExpression=Key("audience").eq(audience),
            FilterExpression=Attr("connectionId").exists() & Attr("expiresAt").gt(now),
            ProjectionExpression="connectionId",
        )
        return [str(item["connectionId"]) for item in found["Items"]]


def _key(page: str) -> dict[str, str]:
    return {"audience": page.partition(".")[0], "page": page}
