"""The DynamoDB table of submissions, with an index by person and one by state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, Key

from restaurants.domain.errors import SubmissionDecidedError, SubmissionNotFoundError
from restaurants.domain.submissions import Submission, SubmissionPage, SubmissionState
from service_kit.aws import table
from service_kit.startup import at_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import (
        QueryInputTableQueryTypeDef,
        UpdateItemInputTableUpdateItemTypeDef,
    )

BY_CUSTOMER = "submissions-by-customer"
BY_STATE = "submissions-by-state"
MOST_AT_ONCE = 100
_IS_PENDING = "#state = :pending"


class SubmissionTable:
    """Submissions, kept in DynamoDB."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        at_start(lambda: self._table)

    @property
    def _table(self) -> Table:
        return table(self._table_name)

    def add(self, submission: Submission) -> Submission:
        """Store a submission, and return it, or the one of its id that is pending and stays."""
        known = self._table.meta.client.exceptions
        try:
            self._table.put_item(
                Item=submission.model_dump(mode="json", by_alias=False, exclude={"review_token"}),
                ConditionExpression=Attr("state").ne(SubmissionState.PENDING.value),
            )
        except known.ConditionalCheckFailedException:
            return self.find(submission.submission_id) or self.add(submission)
        return submission

    def find(self, submission_id: str) -> Submission | None:
        """Return a submission, or None."""
        item = self._table.get_item(Key=_key(submission_id), ConsistentRead=True).get("Item")
        return None if item is None else Submission.model_validate(item)

    def decide(self, submission_id: str, state: SubmissionState) -> Submission:
        """Give a pending submission its final state, and return it; a repeat changes nothing."""
        try:
            return self._change(submission_id, "SET #state = :new", _IS_PENDING, new=state.value)
        except SubmissionDecidedError:
            found = self.find(submission_id)
            if found is not None and found.state is state:
                return found
            raise

    def refuse(self, submission_id: str) -> None:
        """Make an approved submission a rejected one, since its restaurant could not be opened."""
        self._change(submission_id, "SET #state = :new", "attribute_exists(submission_id)", new="rejected")

    def remember_token(self, submission_id: str, token: str) -> None:
        """Store what ends the wait for the reviewer of a pending submission."""
        self._change(submission_id, "SET review_token = :new", _IS_PENDING, new=token)

    def of_customer(self, customer_id: str, *, after: Sequence[str] | None, count: int) -> SubmissionPage:
        """Return the first submissions of a person, newest first, or those behind a place."""
        return self._page(BY_CUSTOMER, {"customer_id": customer_id}, after, count, newest_first=True)

    def pending(self, *, after: Sequence[str] | None, count: int) -> SubmissionPage:
        """Return the first pending submissions, oldest first, or those behind a place."""
        state = SubmissionState.PENDING.value
        return self._page(BY_STATE, {"state": state}, after, count, newest_first=False)

    def remove_all(self, customer_id: str) -> None:
        """Remove all submissions of a person."""
        after: tuple[str, str] | None = None
        while True:
            page = self.of_customer(customer_id, after=after, count=MOST_AT_ONCE)
            with self._table.batch_writer() as batch:
                for one in page.submissions:
                    batch.delete_item(Key=_key(one.submission_id))
            if (after := page.last) is None:
                return

    def _change(self, submission_id: str, update: str, condition: str, *, new: str) -> Submission:
        known = self._table.meta.client.exceptions
        # DynamoDB refuses values and names that no expression has.
        used = f"{update} {condition}"
        values = {":new": new, ":pending": SubmissionState.PENDING.value}
        change: UpdateItemInputTableUpdateItemTypeDef = {
            "Key": _key(submission_id),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {name: values[name] for name in values if name in used},
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if "#state" in used:
            change["ExpressionAttributeNames"] = {"#state": "state"}
        try:
            answer = self._table.update_item(**change)
        except known.ConditionalCheckFailedException as failed:
            item: Any = failed.response.get("Item")
            if not item:
                raise SubmissionNotFoundError from failed
            raise SubmissionDecidedError(item["state"]["S"]) from failed
        return Submission.model_validate(answer["Attributes"])

    def _page(
        self,
        index: str,
        of: dict[str, str],
        after: Sequence[str] | None,
        count: int,
        *,
        newest_first: bool,
    ) -> SubmissionPage:
        ((attribute, value),) = of.items()
        query: QueryInputTableQueryTypeDef = {
            "IndexName": index,
            "KeyConditionExpression": Key(attribute).eq(value),
            "ScanIndexForward": not newest_first,
            "Limit": count,
        }
        if after is not None:
            submitted_at, submission_id = after
            query["ExclusiveStartKey"] = of | _key(submission_id) | {"submitted_at": submitted_at}
        answer = self._table.query(**query)
        last = answer.get("LastEvaluatedKey")
        return SubmissionPage(
            submissions=[Submission.model_validate(item) for item in answer["Items"]],
            last=None if last is None else (str(last["submitted_at"]), str(last["submission_id"])),
        )


def _key(submission_id: str) -> dict[str, str]:
    return {"submission_id": submission_id}
