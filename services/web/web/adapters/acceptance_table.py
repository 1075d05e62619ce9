"""The DynamoDB table of acceptances: one item for each, by customer, document and version."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from boto3.dynamodb.conditions import Key

from service_kit.aws import table
from service_kit.startup import at_start
from web.domain.legal_documents import Acceptance

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


class AcceptanceTable:
    """What customers have accepted, kept in DynamoDB.

    Args:
        table_name: Name of the table.
    """

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        at_start(lambda: self._table)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def add(self, customer_id: str, acceptance: Acceptance) -> None:
        """Keep an acceptance; one that is kept already stays, with its time."""
        item = {
            **_key(customer_id, acceptance.document, acceptance.version),
            "acceptedAt": acceptance.accepted_at.isoformat(timespec="seconds"),
        }
        exists = self._table.meta.client.exceptions.ConditionalCheckFailedException
        try:
            self._table.put_item(Item=item, ConditionExpression="attribute_not_exists(customerId)")
        except exists:
            return

    def of_customer(self, customer_id: str) -> list[Acceptance]:
        """Return all acceptances of a customer, a few for each document; also one that was just kept."""
        answer = self._table.query(
            KeyConditionExpression=Key("customerId").eq(customer_id), ConsistentRead=True
        )
        found = []
        for item in answer["Items"]:
            document, _, version = str(item["accepted"]).partition("#")
            accepted_at = datetime.fromisoformat(str(item["acceptedAt"]))
            found.append(Acceptance(document, int(version), accepted_at))
        return found

    def remove_all(self, customer_id: str) -> None:
        """Erase the acceptances of a customer."""
        with self._table.batch_writer() as batch:
            for one in self.of_customer(customer_id):
                batch.delete_item(Key=_key(customer_id, one.document, one.version))


def _key(customer_id: str, document: str, version: int) -> dict[str, str]:
    return {"customerId": customer_id, "accepted": f"{document}#{version}"}
